using System.Security.Cryptography;
using System.Text;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Storage.Tar;

namespace Podsharp.Storage.Tests.Layers;

/// <summary>Layers that are meant to do harm, by both ways into the store. None may write outside of it; what is refused leaves nothing.</summary>
[Category("Root")]
public sealed class HostileLayerTests : StoreFixture
{
    private string _canary = "";

    [SetUp]
    public void MakeCanary()
    {
        _canary = Directory.CreateTempSubdirectory("podsharp-canary").FullName;
        File.WriteAllText(Path.Join(_canary, "file"), "untouched");
    }

    [TearDown]
    public void The_canary_lives()
    {
        try
        {
            Assert.That(Directory.GetFileSystemEntries(_canary).Select(Path.GetFileName), Is.EqualTo(new[] { "file" }));
            Assert.That(File.ReadAllText(Path.Join(_canary, "file")), Is.EqualTo("untouched"));
        }
        finally
        {
            Directory.Delete(_canary, recursive: true);
        }
    }

    [TestCaseSource(nameof(Refused))]
    public async Task Pulled_it_is_refused_and_leaves_nothing(string name)
    {
        var layer = HostileLayers.Make(name, _canary);

        var failure = await Assert.ThrowsAsync<EngineException>(() => StageAsync(layer));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.InvalidData).Or.EqualTo(ErrorKind.InvalidInput), failure.Message);
        Assert.That(failure.Message, Does.Not.Contain("configuration names"), "refused for its digest, not for what it is");
        AssertNothingKept();
    }

    [TestCaseSource(nameof(Refused))]
    public async Task Loaded_it_is_refused_and_leaves_nothing(string name)
    {
        var archive = Archives.ArchiveSamples.ArchiveOf("app:1", HostileLayers.Make(name, _canary));

        var failure = await Assert.ThrowsAsync<EngineException>(() => Stores.ImageArchives.LoadAsync(new MemoryStream(archive), CancellationToken.None));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.InvalidInput), failure.Message);
        AssertNothingKept();
    }

    [TestCaseSource(nameof(KeptInside))]
    public async Task What_leads_outside_by_links_stays_inside_or_is_refused(string name)
    {
        try
        {
            using var layer = await StageAsync(HostileLayers.Make(name, _canary));
        }
        catch (EngineException failure)
        {
            Assert.That(failure.Kind, Is.EqualTo(ErrorKind.InvalidData).Or.EqualTo(ErrorKind.InvalidInput), failure.Message);
        }

        AssertNothingKept();
    }

    [Test]
    public async Task A_layer_that_is_cut_off_is_refused_in_every_compression([Values("gzip", "zstd")] string compression)
    {
        var whole = HostileLayers.Compress(Archives.ArchiveSamples.Layer(("a", RandomNumberGenerator.GetBytes(50_000))), compression);

        var failure = await Assert.ThrowsAsync<EngineException>(() => StageAsync(whole[..(whole.Length / 2)]));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.InvalidData));
        AssertNothingKept();
    }

    [TestCase("[]")]
    [TestCase("\"text\"")]
    [TestCase("{\"rootfs\":[]}")]
    [TestCase("{\"rootfs\":{\"diff_ids\":\"sha256:00\"}}")]
    [TestCase("{\"rootfs\":{\"diff_ids\":[\"../../../etc/passwd\"]}}")]
    [TestCase("{\"rootfs\":{\"diff_ids\":[null]}}")]
    [TestCase("{\"config\":{\"Env\":7}}")]
    [TestCase("{\"config\":{\"ExposedPorts\":{\"99999999/tcp\":{}}}}")]
    [TestCase("not json")]
    public void A_configuration_of_the_wrong_type_is_refused(string config)
    {
        var failure = Assert.Throws<EngineException>(() => Stores.ImageIngest.ReadConfig(Encoding.UTF8.GetBytes(config)));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.InvalidData));
    }

    private static IEnumerable<string> Refused => HostileLayers.Refused;

    private static IEnumerable<string> KeptInside => HostileLayers.KeptInside;

    private Task<IStagedLayer> StageAsync(byte[] layer)
    {
        var digest = Archives.ArchiveSamples.DigestOf(layer);
        return Stores.ImageIngest.StageLayerAsync(new MemoryStream(layer), digest, digest, CancellationToken.None);
    }

    private void AssertNothingKept()
    {
        foreach (var directory in new[] { Paths.Staging, Paths.Layers, Paths.Blobs }) Assert.That(Directory.GetFileSystemEntries(directory), Is.Empty);
        Assert.That(Stores.Images.All, Is.Empty);
    }
}
