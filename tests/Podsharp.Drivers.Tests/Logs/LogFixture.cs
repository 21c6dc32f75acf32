using System.IO.Pipelines;
using System.Text;
using Podsharp.Core.Containers;
using Podsharp.Core.Images;
using Podsharp.Core.Logs;
using Podsharp.Core.Storage;
using Podsharp.Drivers.Logs;

namespace Podsharp.Drivers.Tests.Logs;

/// <summary>A container's log in a directory of its own.</summary>
public abstract class LogFixture
{
    private protected static readonly LogQuery All = new(true, true, false, false, null, null, null, false);

    private protected Container _container = new()
    {
        Id = ContainerId.New(),
        Name = "test",
        Created = DateTimeOffset.UnixEpoch,
        ImageId = Digest.Parse("sha256:" + new string('0', 64)),
        Spec = new ContainerSpec(),
    };

    private protected StorePaths _paths = null!;
    private protected ContainerLogs _logs = null!;

    private protected string Path => _paths.LogFile(_container.Id);

    [SetUp]
    public void SetUp()
    {
        var directory = Directory.CreateTempSubdirectory("podsharp-logs-").FullName;
        _paths = new StorePaths(directory, directory);
        Directory.CreateDirectory(_paths.Container(_container.Id));
        _logs = new ContainerLogs(_paths, new JournalPlace());
    }

    [TearDown]
    public void TearDown()
    {
        _logs.Dispose();
        Directory.Delete(_paths.Root, recursive: true);
    }

    private protected async Task<string> ReadAsync(LogQuery query)
    {
        var output = new MemoryStream();
        var writer = PipeWriter.Create(output);
        await _logs.CopyAsync(_container, query, writer, Task.CompletedTask, CancellationToken.None);
        await writer.CompleteAsync();
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private protected static string Record(string tag, string text) => $"2026-11-23T15:57:01.000000000+00:00 stdout {tag} {text}\n";

    /// <summary>What a follower reads that stands still while files begin.</summary>
    /// <param name="afterEach">Done when a file has its second name.</param>
    private protected async Task<string> FallBehindAsync(Action afterEach, params string[] files)
    {
        var ended = new TaskCompletionSource();
        // So small that the copy stands still until it is read from.
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        var copying = _logs.CopyAsync(_container, All with { Follow = true }, pipe.Writer, ended.Task, CancellationToken.None);
        foreach (var text in files)
        {
            BeginFile(text);
            LogParts.Keep(Path, 5);
            afterEach();
        }

        ended.SetResult();
        var reading = new StreamReader(pipe.Reader.AsStream()).ReadToEndAsync();
        await copying;
        await pipe.Writer.CompleteAsync();
        return await reading;
    }

    // As conmon does it: a new file is renamed over the old one.
    private protected void BeginFile(params string[] lines)
    {
        File.WriteAllText(Path + ".tmp", string.Concat(lines.Select(line => Record("F", line))));
        File.Move(Path + ".tmp", Path, overwrite: true);
    }

    private protected async Task LinkedAsync(int number)
    {
        while (!File.Exists($"{Path}.{number}")) await Task.Delay(5, TestContext.CurrentContext.CancellationToken);
    }
}
