using Podsharp.Core.Containers;
using Podsharp.Core.Images;
using Podsharp.Core.Queries;
using Podsharp.Core.Storage;
using Podsharp.Engine.Events;
using Podsharp.Engine.Images;
using Podsharp.Engine.Images.Hello;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Images;

/// <summary>The verbs of the room, standing on fakes.</summary>
internal sealed class ImageRoom
{
    public ImageRoom()
    {
        Store = new FakeImageStore(Clock);
        Archives = new FakeImageArchives(Store);
        Blobs = new FakeLayerBlobs(Store);
        Log = new FakeEventLog(Clock);
        Lookup = new ImageLookup(Store);
        var events = new EventPublisher(Log, Clock);
        var use = new ImageUse(Containers);
        var locks = new ImageLocks();
        var remover = new ImageRemover(Store, use, events);
        Resolve = new ResolveImage(Lookup, Store, locks, new LoadHelloImage(Store, Archives, Host));
        var manifest = new DescribeManifest(Store, Blobs, use);
        List = new ListImages(Store, Lookup, use, manifest, Clock);
        Inspect = new InspectImage(Lookup, manifest, new StorePaths("/root", "/run"));
        History = new ReadImageHistory(Lookup, Store);
        Tag = new TagImage(Lookup, Store, locks, events);
        Load = new LoadImages(Archives, Registry, events);
        Import = new ImportImage(Archives, Registry, Host, events, Clock);
        Remove = new RemoveImage(Lookup, Store, use, remover, locks);
        Prune = new PruneImages(Store, use, remover, locks, Blobs, events, Clock);
    }

    public FakeClock Clock { get; } = new(Samples.Time);

    public FakeImageStore Store { get; }

    public FakeImageArchives Archives { get; }

    public FakeLayerBlobs Blobs { get; }

    public FakeContainerStore Containers { get; } = new();

    public FakeEventLog Log { get; }

    public FakeHost Host { get; } = new();

    public FakeRegistry Registry { get; } = new();

    public ImageLookup Lookup { get; }

    public ResolveImage Resolve { get; }

    public ListImages List { get; }

    public InspectImage Inspect { get; }

    public ReadImageHistory History { get; }

    public TagImage Tag { get; }

    public LoadImages Load { get; }

    public ImportImage Import { get; }

    public RemoveImage Remove { get; }

    public PruneImages Prune { get; }

    public static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    /// <summary>An image in the store with its layers of 100 bytes each.</summary>
    public Image Put(string name, params ReadOnlySpan<string> tags) => Put(Samples.Image(name, tags));

    public Image Put(Image image)
    {
        foreach (var layer in image.Layers) Store.Layers[layer] = new Layer(layer, 100, 512);
        return Store.Put(image);
    }

    public Container Use(Image image, ContainerPhase phase, string name = "user") => Containers.Put(Samples.Container(name, image, phase));

    public static Filters Filter(string key, params string[] values) => new(new Dictionary<string, IReadOnlyList<string>> { [key] = values });
}
