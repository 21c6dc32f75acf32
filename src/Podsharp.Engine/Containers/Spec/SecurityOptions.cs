using Podsharp.Core.Errors;

namespace Podsharp.Engine.Containers.Spec;

/// <summary>The security options of a container, read from their texts.</summary>
/// <param name="Seccomp">Null: the default profile. "unconfined": none. Else the profile's JSON text.</param>
/// <param name="AppArmorProfile">Null: the default.</param>
/// <param name="UnmaskedPaths">systempaths=unconfined.</param>
internal sealed record SecurityOptions(bool NoNewPrivileges, string? Seccomp, string? AppArmorProfile, bool UnmaskedPaths)
{
    /// <summary>Of SELinux, as written: "disable", "type:container_t". Where the host has none they have nothing to act on.</summary>
    public IReadOnlyList<string> Labels { get; private init; } = [];

    public static SecurityOptions Parse(IReadOnlyList<string> options)
    {
        var result = new SecurityOptions(false, null, null, false);
        foreach (var option in options) result = result.With(option);
        return result;
    }

    private SecurityOptions With(string option)
    {
        var cut = option.IndexOfAny(['=', ':']);
        var (key, value) = cut < 0 ? (option, "") : (option[..cut], option[(cut + 1)..]);
        return (key, value) switch
        {
            ("no-new-privileges", "" or "true") => this with { NoNewPrivileges = true },
            ("no-new-privileges", "false") => this with { NoNewPrivileges = false },
            ("seccomp", { Length: > 0 }) => this with { Seccomp = value },
            ("apparmor", { Length: > 0 }) => this with { AppArmorProfile = value },
            ("systempaths", "unconfined") => this with { UnmaskedPaths = true },
            ("label", _) when cut >= 0 => this with { Labels = [.. Labels, value] },
            _ => throw EngineException.InvalidInput($"invalid --security-opt: \"{option}\""),
        };
    }
}
