using System.Globalization;
using System.Text;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;
using Podsharp.Drivers.Network.Forwarding;
using Podsharp.Linux;
using Podsharp.Linux.Polling;
using Podsharp.Linux.Processes;

namespace Podsharp.Drivers.Network.Rootless;

/// <summary>One <see cref="ForwardingProcess"/> for each container that has published ports on bridges, known by the file with its pid that it writes before it opens a port.</summary>
internal sealed class PortForwarder(DriverOptions options, UserScopes scopes)
{
    private const int Kill = 9;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

    private string DirectoryPath => options.Paths.Forwarders;

    /// <summary>A process serves the container's ports.</summary>
    public bool Serves(ContainerId id) => PidOf(id) is { } pid && IsForwarder(pid, id);

    /// <summary>Returns when the ports are open. Does nothing where they are already; on failure none is.</summary>
    public async Task StartAsync(NetworkAttachment attachment)
    {
        if (Serves(attachment.ContainerId)) return;
        List<string> arguments = [.. options.Forwarder.Skip(1), attachment.NamespacePath, FileOf(attachment.ContainerId), .. attachment.Ports.SelectMany(ForwardedPort.Of).Select(static port => port.ToString()).Distinct()];
        Directory.CreateDirectory(DirectoryPath);
        using var word = Pipe.Create();
        using var errors = MemoryFile.Create("forward");
        var process = ChildProcess.Start(new Command(options.Forwarder[0], arguments)
        {
            NewSession = true,
            Environment = options.ToolEnvironment,
            Descriptors = [((int)word.Writer.DangerousGetHandle(), 1), ((int)errors.DangerousGetHandle(), 2)],
        });
        try
        {
            word.Writer.Dispose();
            if (await PipeReading.ReadAsync(word.Reader, new byte[16]) == 0)
                throw EngineException.Conflict($"publishing ports of container {attachment.ContainerName}: {Encoding.UTF8.GetString(MemoryFile.ReadAll(errors)).Trim()}");
            await scopes.MoveAsync("forward", $"Published ports of container {attachment.ContainerName}", process.Pid);
        }
        catch (Exception failure)
        {
            process.Signal(Kill);
            await EndAsync(attachment.ContainerId);
            if (failure is SystemCallException or IOException) throw EngineException.Internal($"publishing ports: {failure.Message}", failure);
            throw;
        }
    }

    /// <summary>The ports are free when this returns. No error when there is none.</summary>
    public async Task EndAsync(ContainerId id)
    {
        if (PidOf(id) is not { } pid) return;
        using (var process = PidDescriptor.Open(pid))
        {
            // Looked at while it is held: nobody else can have become this process.
            if (process is not null && IsForwarder(pid, id)) PidDescriptor.Signal(process, Kill);
        }

        while (IsForwarder(pid, id)) await Task.Delay(Look);
        File.Delete(FileOf(id));
    }

    private int? PidOf(ContainerId id)
    {
        try
        {
            return int.TryParse(File.ReadAllText(FileOf(id)), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    // One that has ended has no command line any more.
    private bool IsForwarder(int pid, ContainerId id)
    {
        try
        {
            var words = Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/cmdline")).Split('\0');
            var verb = Array.IndexOf(words, ForwardingProcess.Verb);
            return verb > 0 && words.ElementAtOrDefault(verb + 1) == options.Paths.NetworkNamespace(id);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private string FileOf(ContainerId id) => Path.Join(DirectoryPath, id.ToString());
}
