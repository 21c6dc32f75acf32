using Podsharp.Core.Storage;
using Podsharp.Drivers.Logs;

namespace Podsharp.Drivers;

/// <summary>What the drivers must know; filled in once by Service.</summary>
public sealed record DriverOptions
{
    public required StorePaths Paths { get; init; }

    /// <summary>Default OCI runtime: a name or an absolute path. With the name crun, runc is the fallback where crun refuses the machine.</summary>
    public string Runtime { get; init; } = "crun";

    /// <summary>Further places of named runtimes (engine.runtimes of containers.conf); the usual directories are searched after them.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> RuntimePaths { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Absolute path of conmon; empty: searched in the usual directories.</summary>
    public string Monitor { get; init; } = "";

    public ControlGroupManager ControlGroups { get; init; }

    public bool SystemdCgroups => ControlGroups == ControlGroupManager.Systemd;

    /// <summary>Controllers that containers can be limited by; null: all that the machine has.</summary>
    public IReadOnlyList<string>? Controllers { get; init; }

    public bool Rootless { get; init; }

    public JournalPlace Journal { get; init; } = new();

    /// <summary>
    /// Program and arguments that the monitor runs after a container's exit when no service holds <see cref="StorePaths.LockFile"/>; it must
    /// leave the monitor's control group and session itself and return soon. Empty: nothing is run.
    /// </summary>
    public IReadOnlyList<string> Waker { get; init; } = [];

    /// <summary>Program and first arguments of a <see cref="Network.Forwarding.ForwardingProcess"/>.</summary>
    public IReadOnlyList<string> Forwarder { get; init; } = [];

    /// <summary>Environment of the tools, NAME=VALUE.</summary>
    public IReadOnlyList<string> ToolEnvironment { get; init; } =
        ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"];
}
