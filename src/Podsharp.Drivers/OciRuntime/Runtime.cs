using Podsharp.Core.Containers;
using Podsharp.Linux.Processes;

namespace Podsharp.Drivers.OciRuntime;

/// <summary>One installed OCI runtime and how it is called (reference/protocols.md §5).</summary>
/// <param name="StateRoot">Its --root: each runtime has its own, since they cannot read each other's state.</param>
internal sealed record Runtime(string Path, string StateRoot, ControlGroupManager ControlGroups, IReadOnlyList<string> Environment)
{
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>crun's inventions (annotations, pid file written in place) are understood.</summary>
    public bool IsCrun => Name.StartsWith("crun", StringComparison.Ordinal);

    public bool SystemdCgroups => ControlGroups == ControlGroupManager.Systemd;

    public IReadOnlyList<string> GlobalArguments(string? log) =>
    [
        "--root", StateRoot,
        // runc finds out by itself that it may make none.
        .. IsCrun && ControlGroups == ControlGroupManager.None ? ["--cgroup-manager=disabled"] : Array.Empty<string>(),
        .. log is null ? Array.Empty<string>() : ["--log", log, "--log-format", "json"],
    ];

    public Command Command(string? log, params ReadOnlySpan<string> arguments) =>
        new(Path, [.. GlobalArguments(log), .. SystemdCgroups ? ["--systemd-cgroup"] : Array.Empty<string>(), .. arguments])
        {
            Environment = Environment,
        };

    public string StateOf(ContainerId id) => System.IO.Path.Join(StateRoot, id.ToString());
}
