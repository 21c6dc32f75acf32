using Podsharp.Core.Errors;

namespace Podsharp.Core.Volumes;

/// <summary>What the options of a volume ask to be mounted as its content: "type", "device" and "o", as mount(8) takes them.</summary>
/// <param name="Options">Words between the commas of "o".</param>
public sealed record VolumeMount(string Type, string Device, IReadOnlyList<string> Options)
{
    private const string TypeKey = "type";
    private const string DeviceKey = "device";
    private const string OptionsKey = "o";
    private const string SizeKey = "size";

    /// <summary>Words of it that take something away from whoever uses the volume.</summary>
    public IReadOnlyList<string> Restrictions => [.. Options.Where(static word => word is "ro" or "nosuid" or "nodev" or "noexec")];

    public bool IsNetwork => Type is "nfs" or "nfs4" or "cifs" or "smb3";

    /// <summary>Null when the volume is a directory of the store like any other.</summary>
    public static VolumeMount? Of(Volume volume) =>
        Given(volume.Options, DeviceKey).Length + Given(volume.Options, TypeKey).Length == 0 ? null : Read(volume.Options);

    /// <summary>InvalidInput when there is an unknown option, one is missing, or what they say can never be mounted.</summary>
    /// <param name="what">Opens the message.</param>
    public static void Check(IReadOnlyDictionary<string, string> options, string what)
    {
        foreach (var name in options.Keys)
            if (name is not (TypeKey or DeviceKey or OptionsKey or SizeKey)) throw EngineException.InvalidInput($"{what}: invalid option: \"{name}\"");
        Require(options, DeviceKey, TypeKey, what);
        Require(options, TypeKey, DeviceKey, what);
        Require(options, OptionsKey, DeviceKey, what);
        if (options.TryGetValue(SizeKey, out var size))
        {
            throw EngineException.InvalidInput(size.Length > 0 && char.IsAsciiDigit(size[0])
                ? $"{what}: quota size requested but no quota support"
                : $"{what}: invalid size: '{size}'");
        }

        CheckNetwork(Read(options), what);
    }

    private static void CheckNetwork(VolumeMount mount, string what)
    {
        if (mount.Type is "nfs" or "nfs4")
        {
            var path = mount.Device.IndexOf(":/", StringComparison.Ordinal);
            if (path < 0) throw EngineException.InvalidInput($"{what}: device \"{mount.Device}\" is no NFS export: want \":/PATH\" or \"HOST:/PATH\"");
            if (path == 0 && !mount.Options.Any(word => word.StartsWith("addr=", StringComparison.Ordinal) && word.Length > "addr=".Length))
                throw EngineException.InvalidInput($"{what}: no NFS server given: want addr=HOST in option \"o\"");
        }
        else if (mount.Type is "cifs" or "smb3" && !mount.Device.StartsWith("//", StringComparison.Ordinal))
        {
            throw EngineException.InvalidInput($"{what}: device \"{mount.Device}\" is no SMB share: want \"//HOST/SHARE\"");
        }
    }

    private static void Require(IReadOnlyDictionary<string, string> options, string given, string needed, string what)
    {
        if (options.ContainsKey(given) && !options.ContainsKey(needed)) throw EngineException.InvalidInput($"{what}: missing required option: \"{needed}\"");
    }

    private static VolumeMount Read(IReadOnlyDictionary<string, string> options) =>
        new(Given(options, TypeKey), Given(options, DeviceKey), Given(options, OptionsKey).Split(',', StringSplitOptions.RemoveEmptyEntries));

    private static string Given(IReadOnlyDictionary<string, string> options, string name) => options.GetValueOrDefault(name, "");
}

/// <summary>Mounts what volumes with options stand on.</summary>
public interface IVolumeMounts
{
    /// <summary>Mounts it at the volume's mount point; nothing when it is mounted, or there is nothing to mount. Internal with the kernel's words when it cannot.</summary>
    Task MountAsync(Volume volume, CancellationToken cancellationToken);

    /// <summary>No error when it is not mounted.</summary>
    Task UnmountAsync(Volume volume, CancellationToken cancellationToken);
}
