using Podsharp.Core.Storage;
using Podsharp.Service.Rootless;

namespace Podsharp.Service.Options;

/// <summary>Where this service keeps things and listens.</summary>
/// <param name="Rootless">Serves an ordinary user.</param>
internal sealed record Places(StorePaths Paths, string Socket, bool Rootless)
{
    public static Places From(CommandLine line)
    {
        var user = UserNamespace.OwnerOfThisOne;
        var paths = new StorePaths(
            line.Root ?? (user is null ? "/var/lib/podsharp" : Path.Join(DataHome(), "podsharp")),
            line.RunRoot ?? (user is null ? "/run/podsharp" : Path.Join(RuntimeDirectory.Of(user.Value), "podsharp")));
        // Debian's AppArmor profile lets pasta open namespaces there and nowhere else.
        if (user is { } owner) paths = paths with { NetworkNamespaces = Path.Join(RuntimeDirectory.Of(owner), "netns") };
        return new Places(paths, line.Socket ?? Path.Join(paths.RunRoot, "podsharp.sock"), user is not null);
    }

    private static string DataHome() =>
        Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } home
            ? home
            : Path.Join(Environment.GetEnvironmentVariable("HOME") ?? "/", ".local/share");
}
