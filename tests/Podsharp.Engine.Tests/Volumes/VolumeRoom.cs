using Podsharp.Core.Containers;
using Podsharp.Core.Volumes;
using Podsharp.Engine.Events;
using Podsharp.Engine.Images;
using Podsharp.Engine.Images.Hello;
using Podsharp.Engine.Volumes;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Volumes;

/// <summary>The room's verbs on fakes.</summary>
internal sealed class VolumeRoom
{
    public VolumeRoom()
    {
        var publisher = new EventPublisher(Events, Clock);
        Removal = new VolumeRemoval(Store, Containers, Holds, publisher);
        Create = new CreateVolume(Store, publisher, Clock);
        Remove = new RemoveVolume(Store, Removal);
        Prune = new PruneVolumes(Store, Removal, Disk, publisher);
        Discard = new DiscardVolumes(Store, Removal);
        var resolveImage = new ResolveImage(
            new ImageLookup(Images), Images, new ImageLocks(), new LoadHelloImage(Images, new FakeImageArchives(Images), new FakeHost()));
        Resolve = new ResolveMounts(Store, Containers, Files, Holds, Create, resolveImage);
        InContainers = new ContainerVolumes(Store, Mounts, Containers, publisher);
    }

    public FakeClock Clock { get; } = new();

    public FakeVolumeStore Store { get; } = new();

    public FakeVolumeMounts Mounts { get; } = new();

    public FakeImageStore Images { get; } = new(new FakeClock());

    public FakeContainerStore Containers { get; } = new();

    public FakeRootedFiles Files { get; } = new();

    public FakeEventLog Events { get; } = new();

    public FakeDiskUsage Disk { get; } = new();

    public VolumeHolds Holds { get; } = new();

    public VolumeRemoval Removal { get; }

    public CreateVolume Create { get; }

    public RemoveVolume Remove { get; }

    public PruneVolumes Prune { get; }

    public DiscardVolumes Discard { get; }

    public ResolveMounts Resolve { get; }

    public ContainerVolumes InContainers { get; }

    public Task<Volume> CreateAsync(string name) => Create.RunAsync(
        new CreateVolumeRequest(name, "", new Dictionary<string, string>(), new Dictionary<string, string>()), CancellationToken.None);

    public Task<MountResolution> ResolveAsync(MountsSpec mounts, params IReadOnlyList<string> imageVolumes) =>
        Resolve.RunAsync(new ResolveMountsRequest(mounts, imageVolumes), CancellationToken.None);

    public Container PutContainer(string name, params IReadOnlyList<ResolvedMount> mounts) =>
        Containers.Put(Samples.Container(name, Samples.Image("image", "image:1")) with { Mounts = mounts });

    public static MountRequest Volume(string source, string target) => new() { Kind = MountKind.Volume, Source = source, Target = target };
}
