using System.Globalization;
using Podsharp.Core.Errors;
using Podsharp.Core.Runtime;
using Podsharp.Drivers.OciRuntime;
using Podsharp.Linux.Journal;
using Podsharp.Linux.Processes;

namespace Podsharp.Drivers.Monitors;

/// <summary>conmon's command line (reference/protocols.md §3).</summary>
internal sealed class MonitorCommand(DriverOptions options)
{
    public const int SyncDescriptor = 3;
    public const int StartDescriptor = 4;

    private readonly Lazy<string> _path = new(() => Locate(options));

    public string Path => _path.Value;

    public Command For(CreateProcessRequest request, Runtime runtime, Bundle bundle) =>
        new(Path, [.. Arguments(request, runtime, bundle), .. ExitCommand()])
        {
            WorkingDirectory = bundle.Directory,
            NewSession = true,
            Environment =
            [
                .. options.ToolEnvironment,
                $"_OCI_SYNCPIPE={SyncDescriptor}",
                .. options.SystemdCgroups ? [$"_OCI_STARTPIPE={StartDescriptor}"] : Array.Empty<string>(),
            ],
        };

    private IEnumerable<string> Arguments(CreateProcessRequest request, Runtime runtime, Bundle bundle)
    {
        var id = request.Id.ToString();
        List<string> arguments =
        [
            "--api-version", "1",
            // Our own child, without the second fork: one process less, and its death is ours to see.
            "--sync",
            "-c", id,
            "-u", id,
            "-n", request.Name,
            "-r", runtime.Path,
            "-b", bundle.Directory,
            "-p", bundle.PidFile,
            "--exit-dir", bundle.ExitDirectory,
            "--persist-dir", bundle.PersistDirectory,
            "--full-attach",
            "--no-sync-log",
            "--log-level", "error",
            "-l", LogPath(request),
        ];
        foreach (var argument in runtime.GlobalArguments(bundle.RuntimeLog)) arguments.AddRange(["--runtime-arg", argument]);
        if (runtime.SystemdCgroups) arguments.Add("-s");
        if (request.LogTag.Length > 0) arguments.AddRange(["--log-tag", request.LogTag]);
        if (request.LogSizeMaximum > 0) arguments.AddRange(["--log-size-max", request.LogSizeMaximum.ToString(CultureInfo.InvariantCulture)]);
        if (request.Terminal) arguments.Add("-t");
        else if (request.OpenStdin) arguments.Add("-i");
        if (request.LeaveStdinOpen) arguments.Add("--leave-stdin-open");
        return arguments;
    }

    private string LogPath(CreateProcessRequest request) => request.LogDriver switch
    {
        // Other engines' names for their own files, whose place ours take.
        "k8s-file" or "json-file" or "local" => $"k8s-file:{options.Paths.LogFile(request.Id)}",
        "journald" when new JournalService(options.Journal.Sockets).Exists => "journald",
        // conmon would lose every word in silence.
        "journald" => throw EngineException.Internal("failed to create task for container: failed to initialize logging driver: journald is not enabled on this host"),
        "none" => "none",
        var other => throw EngineException.InvalidInput($"logger: no log driver named '{other}' is registered (there are k8s-file, json-file, local, journald and none)"),
    };

    // While a service lives it holds the lock and sees the exit itself: flock ends at once then. Else the waker runs under the lock, but
    // without its descriptor (-o): what it starts must be able to take the lock when the waker has left.
    private IEnumerable<string> ExitCommand()
    {
        if (options.Waker.Count == 0) return [];
        return ExecutablePath.Find("flock") is { } flock
            ? ["--exit-command", flock, .. ExitArguments(["-n", "-o", options.Paths.LockFile, .. options.Waker])]
            : ["--exit-command", options.Waker[0], .. ExitArguments(options.Waker.Skip(1))];
    }

    private static IEnumerable<string> ExitArguments(IEnumerable<string> arguments) =>
        arguments.SelectMany(static argument => new[] { "--exit-command-arg", argument });

    private static string Locate(DriverOptions options) =>
        ExecutablePath.Find(options.Monitor.Length > 0 ? options.Monitor : "conmon", "/usr/libexec/podman", "/usr/local/libexec/podman", "/usr/local/lib/podman", "/usr/libexec/crio")
        ?? throw EngineException.Internal("conmon is not installed: install the package conmon, or name its path in containers.conf (engine.conmon_path)");
}
