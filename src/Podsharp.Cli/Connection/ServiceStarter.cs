using System.Net.Sockets;
using Podsharp.Cli.Native;

namespace Podsharp.Cli.Connection;

/// <summary>Starts the service where no systemd socket does, in a session of its own, and waits until it answers.</summary>
internal sealed class ServiceStarter(string program, string socketPath)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    // A service that ends at once may have found another one at work, which another client started just before.
    private static readonly TimeSpan PatienceAfterExit = TimeSpan.FromSeconds(3);

    private readonly string _log = Path.Combine(Path.GetDirectoryName(socketPath)!, "service.log");

    /// <summary>libexec/podsharp/podsharp-service beside the bin that this program is in, or what PODSHARP_SERVICE_BINARY names; null when it is not there.</summary>
    public static string? Find()
    {
        var chosen = Environment.GetEnvironmentVariable("PODSHARP_SERVICE_BINARY");
        var self = new FileInfo(Environment.ProcessPath!);
        var program = !string.IsNullOrEmpty(chosen)
            ? chosen
            : Path.GetFullPath(Path.Combine((self.ResolveLinkTarget(true) ?? self).FullName, "../../libexec/podsharp/podsharp-service"));
        return File.Exists(program) ? program : null;
    }

    public async Task<Socket> StartAndConnectAsync(CancellationToken cancellationToken)
    {
        MakeDirectory();
        var pid = DetachedProcess.Start(program, ["--socket", "unix://" + socketPath, "--idle-timeout", "60"], _log);
        var deadline = DateTime.UtcNow + Patience;
        var ended = false;
        while (true)
        {
            try
            {
                return await EngineClient.OpenAsync(socketPath, cancellationToken);
            }
            catch (SocketException) when (DateTime.UtcNow < deadline)
            {
                if (!ended && DetachedProcess.HasEnded(pid))
                {
                    ended = true;
                    deadline = DateTime.UtcNow + PatienceAfterExit;
                }
            }
            catch (SocketException)
            {
                throw new CliFailure(
                    $"the service {program} was started but does not answer at {socketPath}{LastWords()}", ExitCodes.EngineFailed);
            }

            await Task.Delay(Step, cancellationToken);
        }
    }

    private void MakeDirectory()
    {
        var directory = Path.GetDirectoryName(socketPath)!;
        const UnixFileMode own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        // Root's engine is open to a group by its socket's mode, so others may walk through here.
        const UnixFileMode walk = UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        if (!Directory.Exists(directory)) Directory.CreateDirectory(directory, Environment.IsPrivilegedProcess ? own | walk : own);
    }

    private string LastWords()
    {
        try
        {
            var lines = File.ReadAllLines(_log);
            return lines.Length == 0 ? "" : $". Its last words ({_log}):\n{string.Join('\n', lines.TakeLast(5))}";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
