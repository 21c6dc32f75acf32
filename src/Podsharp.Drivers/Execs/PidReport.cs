using System.Globalization;
using System.Text;
using Podsharp.Core.Runtime;
using Podsharp.Core.Storage;
using Podsharp.Drivers.OciRuntime;
using Podsharp.Linux.Polling;
using Podsharp.Linux.Processes;

namespace Podsharp.Drivers.Execs;

/// <summary>
/// How the runtime tells the new process' pid, which is also its word that the process could be set up. crun writes its pid file in place: it gets
/// a pipe. runc writes beside and renames: it gets a real file.
/// </summary>
internal abstract class PidReport : IDisposable
{
    private const int PipeDescriptor = 5;

    public abstract string Path { get; }

    public abstract IEnumerable<(int Own, int Child)> Descriptors { get; }

    public static PidReport For(Runtime runtime, StorePaths paths, ExecProcessRequest request) =>
        runtime.IsCrun ? new ByPipe() : new ByFile(System.IO.Path.Join(paths.RunContainer(request.Container.Id), $"exec-{request.SessionId.Short}.pid"));

    /// <summary>Null when the runtime has ended without it.</summary>
    public abstract Task<int?> ReadAsync(ChildProcess runtime);

    public abstract void Dispose();

    private sealed class ByPipe : PidReport
    {
        private readonly Pipe _pipe = Pipe.Create();

        public override string Path => $"/proc/self/fd/{PipeDescriptor}";

        public override IEnumerable<(int Own, int Child)> Descriptors => [((int)_pipe.Writer.DangerousGetHandle(), PipeDescriptor)];

        public override async Task<int?> ReadAsync(ChildProcess runtime)
        {
            _pipe.Writer.Dispose();
            var buffer = new byte[16];
            var count = await PipeReading.ReadAsync(_pipe.Reader, buffer);
            return count > 0 ? int.Parse(Encoding.ASCII.GetString(buffer, 0, count), CultureInfo.InvariantCulture) : null;
        }

        public override void Dispose() => _pipe.Dispose();
    }

    private sealed class ByFile(string path) : PidReport
    {
        private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(10);

        public override string Path => path;

        public override IEnumerable<(int Own, int Child)> Descriptors => [];

        public override async Task<int?> ReadAsync(ChildProcess runtime)
        {
            var pause = TimeSpan.FromMilliseconds(1);
            while (true)
            {
                var ended = runtime.Exited.IsCompleted;
                if (File.Exists(path)) return int.Parse(await File.ReadAllTextAsync(path), CultureInfo.InvariantCulture);
                if (ended) return null;
                await Task.WhenAny(runtime.Exited, Task.Delay(pause));
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }

        public override void Dispose() => File.Delete(path);
    }
}
