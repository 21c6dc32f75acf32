using System.Text.RegularExpressions;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;

namespace Podsharp.Api.Docker.Containers.Reading;

/// <summary>A bind as text: <c>source:target[:options]</c>, where a source that is no path is a volume's name.</summary>
public static partial class BindReader
{
    /// <summary>Null for a text without a source: an anonymous volume.</summary>
    public static MountRequest? Read(string text)
    {
        var parts = text.Split(':');
        if (text.Length == 0 || parts.Length > 3 || parts[0].Length == 0) throw Invalid(text, "");
        if (parts.Length == 1) return null;
        if (parts.Length == 2 && IsMode(parts[1])) throw Invalid(text, "");

        var (source, target, mode) = (parts[0], parts[1], parts.Length == 3 ? parts[2] : "");
        var isPath = source.StartsWith('/');
        var opening = $"invalid volume specification: '{text}': invalid mount config for type \"{(isPath ? "bind" : "volume")}\": ";
        if (target.Length == 0) throw EngineException.InvalidInput(opening + "field Target must not be empty");
        var options = BindOptionSet.Parse(mode);
        if (isPath && options.NoCopy) throw EngineException.InvalidInput(opening + "field VolumeOptions must not be specified");
        if (!isPath && options.Propagation.Length > 0) throw EngineException.InvalidInput(opening + "field BindOptions must not be specified");
        return new MountRequest
        {
            Kind = isPath ? MountKind.Bind : MountKind.Volume,
            Source = isPath ? MountTarget.Clean(source) : VolumeName(source),
            Target = MountTarget.Read(target, opening),
            ReadOnly = options.ReadOnly,
            Propagation = options.Propagation,
            CreateSource = isPath,
            NoCopy = options.NoCopy,
            Options = options.Labels,
            WrittenMode = mode,
        };
    }

    public static string VolumeName(string name) =>
        VolumeNamePattern().IsMatch(name)
            ? name
            : throw EngineException.InvalidInput(
                $"create {name}: \"{name}\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. "
                + "If you intended to pass a host directory, use absolute path");

    private static bool IsMode(string text)
    {
        try
        {
            return text.Length > 0 && BindOptionSet.Parse(text) is not null;
        }
        catch (EngineException)
        {
            return false;
        }
    }

    private static EngineException Invalid(string text, string why) => EngineException.InvalidInput($"invalid volume specification: '{text}'{why}");

    [GeneratedRegex(@"^[a-zA-Z0-9][a-zA-Z0-9_.-]*\z")]
    private static partial Regex VolumeNamePattern();
}
