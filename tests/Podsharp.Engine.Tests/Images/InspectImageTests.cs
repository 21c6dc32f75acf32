using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Engine.Images;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Images;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class InspectImageTests
{
    private static readonly Digest Base = Samples.Digest("base");
    private static readonly Digest Middle = Samples.Digest("middle");
    private static readonly Digest Top = Samples.Digest("top");
    private readonly ImageRoom _room = new();

    [Test]
    public async Task Tells_where_the_layers_lie_top_first()
    {
        _room.Put(Samples.Image("one", "app") with { Layers = [Base, Middle, Top] });
        var inspection = await _room.Inspect.RunAsync(new InspectImageRequest("app"), ImageRoom.Token);
        Assert.That(inspection.UpperDirectory, Is.EqualTo($"/root/layers/{Top.Hex}/diff"));
        Assert.That(inspection.LowerDirectories, Is.EqualTo($"/root/layers/{Middle.Hex}/diff:/root/layers/{Base.Hex}/diff"));
    }

    [Test]
    public async Task Describes_the_manifest_that_is_kept()
    {
        _room.Store.Blobs[Top] = new byte[321];
        _room.Put(Samples.Image("one", "app") with { ManifestDigest = Top });
        var inspection = await _room.Inspect.RunAsync(new InspectImageRequest("app"), ImageRoom.Token);
        Assert.That(inspection.Descriptor, Is.EqualTo(new ManifestDescriptor("application/vnd.oci.image.manifest.v1+json", Top, 321)));
    }

    [Test]
    public async Task Refuses_another_platform()
    {
        _room.Put("one", "app");
        var failure = await Assert.ThrowsAsync<EngineException>(
            () => _room.Inspect.RunAsync(new InspectImageRequest("app", Platform.Parse("linux/arm64")), ImageRoom.Token));
        Assert.That(failure?.Kind, Is.EqualTo(ErrorKind.NotFound));
    }
}
