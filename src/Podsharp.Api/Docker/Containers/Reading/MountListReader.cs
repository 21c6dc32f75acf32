using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers.Reading;

/// <summary>An entry of the mounts list.</summary>
internal static class MountListReader
{
    public static MountRequest Read(Mount mount)
    {
        var type = mount.Type ?? "";
        if (string.IsNullOrEmpty(mount.Target)) throw Invalid(type, "field Target must not be empty");
        if (mount.Consistency is not (null or "" or "default" or "consistent" or "cached" or "delegated"))
            throw Invalid(type, $"invalid consistency: {mount.Consistency}");
        CheckOptions(mount, type);
        var request = type switch
        {
            "bind" => Bind(mount),
            "volume" => Volume(mount),
            "tmpfs" => Tmpfs(mount),
            "image" => Image(mount),
            _ => throw Invalid(type, "mount type unknown"),
        };
        return request with { ReadOnly = mount.ReadOnly || request.ReadOnly, Consistency = mount.Consistency ?? "", FromMountsList = true };
    }

    private static MountRequest Bind(Mount mount)
    {
        var source = mount.Source ?? "";
        if (source.Length == 0) throw Invalid("bind", "field Source must not be empty");
        if (!source.StartsWith('/')) throw Invalid("bind", $"invalid mount path: '{source}' mount path must be absolute");
        var options = mount.BindOptions ?? new BindOptions();
        if (options.Propagation is not (null or "" or "private" or "rprivate" or "shared" or "rshared" or "slave" or "rslave"))
            throw Invalid("bind", $"invalid propagation mode: {options.Propagation}");
        return Request(mount, MountKind.Bind) with
        {
            Source = MountTarget.Clean(source),
            Propagation = options.Propagation ?? "",
            NonRecursive = options.NonRecursive,
            ReadOnlyNonRecursive = options.ReadOnlyNonRecursive,
            ReadOnlyForceRecursive = options.ReadOnlyForceRecursive,
            CreateSource = options.CreateMountpoint,
        };
    }

    private static MountRequest Volume(Mount mount)
    {
        var options = mount.VolumeOptions ?? new VolumeOptions();
        if (options.DriverConfig?.Name is not (null or "" or "local"))
        {
            throw EngineException.NotSupported(
                $"create {mount.Source}: error looking up volume plugin {options.DriverConfig.Name}: plugin \"{options.DriverConfig.Name}\" not found");
        }

        if (string.IsNullOrEmpty(mount.Source))
        {
            if (mount.ReadOnly) throw Invalid("volume", "must not set ReadOnly mode when using anonymous volumes");
            if (!string.IsNullOrEmpty(options.Subpath)) throw Invalid("volume", "must not set Subpath when using anonymous volumes");
        }

        return Request(mount, MountKind.Volume) with
        {
            Source = string.IsNullOrEmpty(mount.Source) ? "" : BindReader.VolumeName(mount.Source),
            NoCopy = options.NoCopy,
            Subpath = Subpath(options.Subpath, "volume"),
            VolumeDriver = options.DriverConfig?.Name ?? "",
            VolumeDriverOptions = options.DriverConfig?.Options ?? new Dictionary<string, string>(),
            VolumeLabels = options.Labels ?? new Dictionary<string, string>(),
        };
    }

    private static MountRequest Image(Mount mount)
    {
        if (string.IsNullOrEmpty(mount.Source)) throw Invalid("image", "field Source must not be empty");
        return Request(mount, MountKind.Image) with { Source = mount.Source, Subpath = Subpath(mount.ImageOptions?.Subpath, "image") };
    }

    private static MountRequest Tmpfs(Mount mount)
    {
        if (!string.IsNullOrEmpty(mount.Source)) throw Invalid("tmpfs", "field Source must not be specified");
        var options = mount.TmpfsOptions ?? new TmpfsOptions();
        if (options.SizeBytes < 0) throw Invalid("tmpfs", $"invalid SizeBytes {options.SizeBytes}");
        if (options.Mode is < 0 or > 4095) throw Invalid("tmpfs", $"invalid Mode {options.Mode}: want the permission bits as a decimal number up to 4095");
        List<string> words = [.. (options.Options ?? []).OfType<IReadOnlyList<string>>().Select(Word)];
        TmpfsReader.CheckWords(words);
        return Request(mount, MountKind.Tmpfs) with
        {
            TmpfsSize = options.SizeBytes,
            TmpfsMode = options.Mode == 0 ? null : options.Mode,
            Options = words,
        };
    }

    private static string Word(IReadOnlyList<string> pair) => pair switch
    {
        [{ Length: > 0 } flag] => flag,
        [{ Length: > 0 } key, var value] => $"{key}={value}",
        _ => throw Invalid("tmpfs", "invalid option array length: want one word, or a key and a value"),
    };

    private static MountRequest Request(Mount mount, MountKind kind) => new()
    {
        Kind = kind,
        Target = MountTarget.Read(mount.Target ?? "", $"invalid mount config for type \"{mount.Type}\": "),
    };

    private static void CheckOptions(Mount mount, string type)
    {
        OnlyFor("bind", "BindOptions", mount.BindOptions is not null, type);
        OnlyFor("volume", "VolumeOptions", mount.VolumeOptions is not null, type);
        OnlyFor("image", "ImageOptions", mount.ImageOptions is not null, type);
        OnlyFor("tmpfs", "TmpfsOptions", mount.TmpfsOptions is not null, type);
    }

    private static void OnlyFor(string owner, string options, bool given, string type)
    {
        if (given && type != owner && type is ("bind" or "volume" or "image" or "tmpfs"))
            throw EngineException.InvalidInput($"{options} must not be specified on mount type \"{type}\"");
    }

    private static string Subpath(string? path, string what)
    {
        if (string.IsNullOrEmpty(path)) return "";
        // A ".." is none of the client's business unless it leads out.
        return path.StartsWith('/') || LeadsOut(path) ? throw Invalid(what, $"subpath must be a relative path within the {what}") : path;
    }

    private static bool LeadsOut(string path)
    {
        var depth = 0;
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            depth += part switch { "." => 0, ".." => -1, _ => 1 };
            if (depth < 0) return true;
        }

        return false;
    }

    private static EngineException Invalid(string type, string why) =>
        EngineException.InvalidInput($"invalid mount config for type \"{type}\": {why}");
}
