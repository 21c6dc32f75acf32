using Podsharp.Core.Containers;
using Podsharp.Core.Errors;

namespace Podsharp.Engine.Containers.Labels;

/// <summary>What --security-opt label=… asks for; null where it says nothing.</summary>
internal sealed record LabelOptions
{
    public bool Disabled { get; private init; }

    public string? User { get; private init; }

    public string? Role { get; private init; }

    public string? Type { get; private init; }

    public string? Level { get; private init; }

    public string? FileType { get; private init; }

    /// <summary>InvalidInput when one is no option, NotSupported for "nested".</summary>
    /// <param name="options">"disable", "type:container_t".</param>
    public static LabelOptions Parse(IReadOnlyList<string> options) => options.Aggregate(new LabelOptions(), static (all, option) => all.With(option));

    public SecurityLabel Process(SecurityLabel label) =>
        new(User ?? label.User, Role ?? label.Role, Type ?? label.Type, Level ?? label.Level);

    /// <summary>Files have the role that all files have.</summary>
    public SecurityLabel File(SecurityLabel label) => new(User ?? label.User, label.Role, FileType ?? label.Type, Level ?? label.Level);

    private LabelOptions With(string option)
    {
        if (option == "disable") return this with { Disabled = true };
        // It would let the container change labels within its own: the policy must allow that, and selinuxfs be shown to it.
        if (option == "nested") throw EngineException.NotSupported("--security-opt label=nested is not supported by this engine");
        var colon = option.IndexOf(':', StringComparison.Ordinal);
        var (name, value) = colon < 0 ? (option, "") : (option[..colon], option[(colon + 1)..]);
        var changed = name switch
        {
            "user" => this with { User = value },
            "role" => this with { Role = value },
            "type" => this with { Type = value },
            "level" => this with { Level = value },
            "filetype" => this with { FileType = value },
            _ => null,
        };
        if (changed is null || colon < 0)
        {
            throw EngineException.InvalidInput(
                $"bad label option \"{option}\", valid options 'disable' or 'user, role, level, type, filetype' followed by ':' and a value");
        }

        return (name == "level" ? SecurityLabel.IsLevel(value) : SecurityLabel.IsName(value))
            ? changed
            : throw EngineException.InvalidInput($"bad label option \"{option}\": \"{value}\" can be no {name} of SELinux");
    }
}
