using System.Security.Cryptography;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Storage;
using Podsharp.Core.Volumes;
using Podsharp.Engine.Images;

namespace Podsharp.Engine.Volumes;

/// <param name="ImageVolumes">Paths that the image declares as volumes.</param>
public sealed record ResolveMountsRequest(MountsSpec Mounts, IReadOnlyList<string> ImageVolumes);

/// <summary>
/// Makes the list of a new container's mounts out of all the ways to ask for them, and the volumes that are missing. What another
/// container's volumes have at a target gives way to what was asked for; image volumes give way to everything. InvalidInput
/// ("Duplicate mount point: X") when two requests have one target; NotFound for a container named by volumes-from.
/// </summary>
public sealed class ResolveMounts(IVolumeStore volumes, IContainerStore containers, IRootedFiles files, VolumeHolds holds, CreateVolume create,
    ResolveImage resolveImage)
{
    public async Task<MountResolution> RunAsync(ResolveMountsRequest request, CancellationToken cancellationToken)
    {
        var work = new Work(volumes, holds);
        try
        {
            var inherited = request.Mounts.VolumesFrom.SelectMany(Inherit).ToList();
            var mounts = new Dictionary<string, ResolvedMount>(StringComparer.Ordinal);
            foreach (var wanted in Distinct(request.Mounts.Requested)) mounts.Add(wanted.Target, await ResolveAsync(wanted, work, cancellationToken));
            foreach (var mount in inherited)
            {
                if (mounts.TryAdd(mount.Target, mount) && mount.VolumeName.Length > 0) work.Hold(mount.VolumeName);
            }

            foreach (var path in request.Mounts.AnonymousVolumes.Concat(request.ImageVolumes).Select(CleanBelowRoot))
            {
                if (mounts.ContainsKey(path)) continue;
                var wanted = new MountRequest { Kind = MountKind.Volume, Target = path, VolumeDriver = request.Mounts.VolumeDriver };
                mounts.Add(path, await ResolveAsync(wanted, work, cancellationToken));
            }

            return new MountResolution([.. mounts.Values.OrderBy(mount => mount.Target, StringComparer.Ordinal)], work.EndAsync);
        }
        catch
        {
            await work.EndAsync(kept: false);
            throw;
        }
    }

    // A tmpfs of the simple list gives way without a word to any other mount on its target.
    private static IEnumerable<MountRequest> Distinct(IReadOnlyList<MountRequest> requests)
    {
        var chosen = new Dictionary<string, MountRequest>(StringComparer.Ordinal);
        foreach (var request in requests.OrderBy(IsSimpleTmpfs))
        {
            if (chosen.TryAdd(CleanTarget(request.Target), request with { Target = CleanTarget(request.Target) }) || IsSimpleTmpfs(request)) continue;
            throw EngineException.InvalidInput($"Duplicate mount point: {request.Target}");
        }

        return chosen.Values;
    }

    private static bool IsSimpleTmpfs(MountRequest request) => request is { Kind: MountKind.Tmpfs, FromMountsList: false };

    private async Task<ResolvedMount> ResolveAsync(MountRequest request, Work work, CancellationToken cancellationToken)
    {
        var mount = new ResolvedMount
        {
            Kind = request.Kind,
            Source = request.Source,
            Target = request.Target,
            ReadOnly = request.ReadOnly,
            Propagation = request.Propagation,
            NonRecursive = request.NonRecursive,
            ReadOnlyNonRecursive = request.ReadOnlyNonRecursive,
            ReadOnlyForceRecursive = request.ReadOnlyForceRecursive,
            NoCopy = request.NoCopy,
            CreateSource = request.CreateSource,
            Subpath = request.Subpath,
            Options = request.Kind == MountKind.Tmpfs ? TmpfsOptions(request) : request.Options,
            WrittenMode = request.WrittenMode,
        };
        switch (request.Kind)
        {
            case MountKind.Bind when !request.CreateSource && files.KindOf("/", request.Source) == PathKind.None:
                throw EngineException.InvalidInput($"invalid mount config for type \"bind\": bind source path does not exist: {request.Source}");
            case MountKind.Volume:
                var volume = await VolumeAsync(request, work, cancellationToken);
                return mount with { VolumeName = volume.Name, Source = volume.MountPoint, Anonymous = volume.Anonymous && request.Source.Length == 0 };
            case MountKind.Image:
                var image = await resolveImage.RunAsync(request.Source, null, cancellationToken);
                return mount with { Source = image.Id.ToString(), Layers = image.Layers, ReadOnly = true };
            default:
                return mount;
        }
    }

    private async Task<Volume> VolumeAsync(MountRequest request, Work work, CancellationToken cancellationToken)
    {
        var anonymous = request.Source.Length == 0;
        var name = anonymous ? RandomNumberGenerator.GetHexString(64, lowercase: true) : request.Source;
        work.Hold(name);
        var existed = volumes.Find(name) is not null;
        var volume = await create.RunAsync(
            new CreateVolumeRequest(name, request.VolumeDriver, request.VolumeDriverOptions, request.VolumeLabels) { Anonymous = anonymous },
            cancellationToken);
        if (!existed) work.Made(name);
        return volume;
    }

    private IEnumerable<ResolvedMount> Inherit(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (nameOrId, mode) = colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
        if (mode is not ("" or "rw" or "ro" or "z" or "Z")) throw EngineException.InvalidInput($"invalid mode: {mode}");
        var found = containers.FindByName(nameOrId);
        if (found is null)
        {
            var prefixed = nameOrId.Length > 0 ? containers.FindByPrefix(nameOrId) : [];
            // Not NotFound: of a creation, clients take that to mean the image, and go to pull it.
            found = prefixed.Count == 1 ? prefixed[0] : throw EngineException.InvalidInput($"No such container: {nameOrId}");
        }

        return found.Mounts.Where(static mount => mount.Kind != MountKind.Tmpfs).Select(mount => mode switch
        {
            "ro" => mount with { ReadOnly = true },
            "z" or "Z" when mount.Kind is MountKind.Bind or MountKind.Volume => mount with { Options = [.. mount.Options.Where(static option => option is not ("z" or "Z")), mode] },
            _ => mount,
        });
    }

    private static IReadOnlyList<string> TmpfsOptions(MountRequest request)
    {
        var options = request.Options.ToList();
        if (request.TmpfsSize > 0) options.Add($"size={request.TmpfsSize}");
        if (request.TmpfsMode is { } mode) options.Add($"mode={Convert.ToString(mode, 8)}");
        return options;
    }

    // Of a Dockerfile's VOLUME, and of -v PATH, "data" is /data.
    private static string CleanBelowRoot(string path) => CleanTarget("/" + path);

    private static string CleanTarget(string target)
    {
        if (!target.StartsWith('/')) throw EngineException.InvalidInput($"invalid mount target \"{target}\": it must be an absolute path");
        var clean = Path.GetFullPath(target).TrimEnd('/');
        return clean.Length > 0 ? clean : throw EngineException.InvalidInput("invalid specification: destination can't be '/'");
    }

    /// <summary>What one resolution has done so far.</summary>
    private sealed class Work(IVolumeStore volumes, VolumeHolds holds)
    {
        private readonly List<string> _held = [];
        private readonly List<string> _made = [];

        public void Hold(string name)
        {
            holds.Hold(name);
            _held.Add(name);
        }

        public void Made(string name) => _made.Add(name);

        public async ValueTask EndAsync(bool kept)
        {
            foreach (var name in _held) holds.Release(name);
            if (kept) return;
            // Another container that wanted the same new volume at the same time holds it now, and keeps it.
            foreach (var name in _made.Where(holds.TryLeave))
            {
                try
                {
                    await volumes.RemoveAsync(name, CancellationToken.None);
                }
                finally
                {
                    holds.Left(name);
                }
            }
        }
    }
}
