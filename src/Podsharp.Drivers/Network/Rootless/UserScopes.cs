using Podsharp.Linux.SystemdBus;

namespace Podsharp.Drivers.Network.Rootless;

/// <summary>Scopes for what goes on without the service: in its own unit it would be a left-over. Where the user has no systemd it stays there.</summary>
internal sealed class UserScopes(DriverOptions options)
{
    private readonly Lazy<SystemdManager> _systemd = new(static () => new SystemdManager(user: true));

    /// <param name="what">For the unit's name.</param>
    public async Task MoveAsync(string what, string description, int pid)
    {
        if (options.SystemdCgroups) await _systemd.Value.StartScopeAsync($"podsharp-{what}-{pid}.scope", "user.slice", description, pid);
    }
}
