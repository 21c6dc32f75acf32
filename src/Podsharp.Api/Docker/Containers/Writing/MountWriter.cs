using Podsharp.Core.Containers;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers.Writing;

/// <summary>An entry of the mounts list, as it was asked for.</summary>
internal static class MountWriter
{
    public static Mount? Write(MountRequest request) => new()
    {
        Type = request.Kind.ToString().ToLowerInvariant(),
        Source = request.Source.Length > 0 ? request.Source : null,
        Target = request.Target,
        ReadOnly = request.ReadOnly,
        Consistency = request.Consistency.Length > 0 ? request.Consistency : null,
        BindOptions = request.Kind == MountKind.Bind ? Bind(request) : null,
        VolumeOptions = request.Kind == MountKind.Volume ? Volume(request) : null,
        ImageOptions = request is { Kind: MountKind.Image, Subpath.Length: > 0 } ? new ImageOptions { Subpath = request.Subpath } : null,
        TmpfsOptions = request.Kind == MountKind.Tmpfs ? Tmpfs(request) : null,
    };

    private static BindOptions? Bind(MountRequest request)
    {
        if (request is { Propagation: "", NonRecursive: false, CreateSource: false, ReadOnlyNonRecursive: false, ReadOnlyForceRecursive: false }) return null;
        return new BindOptions
        {
            Propagation = request.Propagation.Length > 0 ? request.Propagation : null,
            NonRecursive = request.NonRecursive,
            ReadOnlyNonRecursive = request.ReadOnlyNonRecursive,
            ReadOnlyForceRecursive = request.ReadOnlyForceRecursive,
            CreateMountpoint = request.CreateSource,
        };
    }

    private static VolumeOptions? Volume(MountRequest request)
    {
        var hasDriver = request.VolumeDriver.Length > 0 || request.VolumeDriverOptions.Count > 0;
        if (request is { NoCopy: false, Subpath: "", VolumeLabels.Count: 0 } && !hasDriver) return null;
        return new VolumeOptions
        {
            NoCopy = request.NoCopy,
            Labels = request.VolumeLabels.Count > 0 ? request.VolumeLabels : null,
            Subpath = request.Subpath.Length > 0 ? request.Subpath : null,
            DriverConfig = hasDriver
                ? new VolumeDriverConfig
                {
                    Name = request.VolumeDriver.Length > 0 ? request.VolumeDriver : null,
                    Options = request.VolumeDriverOptions.Count > 0 ? request.VolumeDriverOptions : null,
                }
                : null,
        };
    }

    private static TmpfsOptions? Tmpfs(MountRequest request)
    {
        if (request is { TmpfsSize: 0, TmpfsMode: null, Options.Count: 0 }) return null;
        return new TmpfsOptions
        {
            SizeBytes = request.TmpfsSize,
            Mode = request.TmpfsMode ?? 0,
            Options = request.Options.Count > 0 ? [.. request.Options.Select(IReadOnlyList<string>? (word) => word.Split('=', 2))] : null,
        };
    }
}
