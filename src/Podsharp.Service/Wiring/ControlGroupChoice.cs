using Podsharp.Drivers;
using Podsharp.Service.Rootless;

namespace Podsharp.Service.Wiring;

/// <summary>Who makes control groups here, and what they can limit.</summary>
/// <param name="Controllers">Null: whatever the machine has.</param>
internal sealed record ControlGroupChoice(ControlGroupManager Manager, IReadOnlyList<string>? Controllers)
{
    private const string Unified = "/sys/fs/cgroup/cgroup.controllers";

    /// <summary>The user's own systemd, which makes groups where the machine's has handed it some, can be asked.</summary>
    public static bool HasUserSystemd =>
        File.Exists(Unified)
        && Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime
        && Path.Exists(Path.Join(runtime, "systemd/private"))
        && Path.Exists(Path.Join(runtime, "bus"));

    /// <param name="systemd">What the configuration says; null: nothing.</param>
    public static ControlGroupChoice Of(bool? systemd)
    {
        if (UserNamespace.OwnerOfThisOne is not { } user)
            return new(systemd ?? Directory.Exists("/run/systemd/system") ? ControlGroupManager.Systemd : ControlGroupManager.Files, null);
        // Nobody else gives groups to an ordinary user.
        return HasUserSystemd ? new(ControlGroupManager.Systemd, DelegatedTo(user)) : new(ControlGroupManager.None, []);
    }

    private static string[] DelegatedTo(uint user)
    {
        var file = $"/sys/fs/cgroup/user.slice/user-{user}.slice/user@{user}.service/cgroup.controllers";
        return File.Exists(file) ? File.ReadAllText(file).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) : [];
    }
}
