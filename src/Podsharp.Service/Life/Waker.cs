using System.Net.Sockets;
using Podsharp.Linux.Processes;
using Podsharp.Service.Options;

namespace Podsharp.Service.Life;

/// <summary>
/// Sees to it that a service runs: by a knock at its socket, behind which systemd may stand, else by starting one. conmon runs this when
/// a container exits, so nothing of conmon may stick to the service: not its control group, session, descriptors or environment.
/// </summary>
internal static class Waker
{
    private static readonly string[] Kept =
    [
        "HOME", "USER", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "DBUS_SESSION_BUS_ADDRESS",
        "CONTAINERS_CONF", "CONTAINERS_CONF_OVERRIDE", "CONTAINERS_STORAGE_CONF", "PODSHARP_USER_ID",
    ];

    /// <summary>Variables of this process that a service needs to find its files again.</summary>
    public static IReadOnlyList<string> KeptEnvironment =>
        [.. Kept.Select(name => (name, Environment.GetEnvironmentVariable(name))).Where(pair => pair.Item2 is not null).Select(pair => $"{pair.name}={pair.Item2}")];

    /// <summary>The command line that wakes a service like this one.</summary>
    public static IReadOnlyList<string> Command(CommandLine line, Places places) => [Environment.ProcessPath ?? "", "wake", .. Arguments(line, places)];

    public static int Run(CommandLine line, Places places)
    {
        if (Knock(places.Socket)) return 0;
        // Containers end then because they are to end: a service would start some of them again.
        if (MachineStops(places.Rootless)) return 0;

        ControlGroupExit.Leave();
        Directory.CreateDirectory(places.Paths.RunRoot);
        using var log = File.OpenHandle(Path.Join(places.Paths.RunRoot, "service.log"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        ChildProcess.Start(new Command(Environment.ProcessPath!, ["--woken", .. Arguments(line, places)])
        {
            NewSession = true,
            Environment = [.. Linux.Processes.Command.DefaultEnvironment, .. KeptEnvironment],
            Descriptors = [((int)log.DangerousGetHandle(), 2)],
        });
        return 0;
    }

    private static bool MachineStops(bool rootless)
    {
        if (!Directory.Exists("/run/systemd/system") || ExecutablePath.Find("systemctl") is not { } systemctl) return false;
        var command = new Command(systemctl, [.. rootless ? ["--user"] : Array.Empty<string>(), "is-system-running"])
        {
            Environment = [.. Linux.Processes.Command.DefaultEnvironment, .. KeptEnvironment],
        };
        return ProcessRunner.RunAsync(command, CancellationToken.None).GetAwaiter().GetResult().OutputText.Trim() == "stopping";
    }

    private static List<string> Arguments(CommandLine line, Places places)
    {
        List<string> arguments = ["--root", places.Paths.Root, "--runroot", places.Paths.RunRoot, "--socket", $"unix://{places.Socket}"];
        if (line.IdleTimeout is { } idle) arguments.AddRange(["--idle-timeout", $"{idle.TotalSeconds:0.###}"]);
        if (line.Runtime is { } runtime) arguments.AddRange(["--runtime", runtime]);
        if (line.BlobCache is { } bytes) arguments.AddRange(["--blob-cache", $"{bytes}"]);
        return arguments;
    }

    private static bool Knock(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
