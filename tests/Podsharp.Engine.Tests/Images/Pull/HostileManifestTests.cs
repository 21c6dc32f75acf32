using System.Text.Json.Nodes;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Images.Pull;

/// <summary>What a registry may say to do harm. It is refused before anything is fetched or kept.</summary>
public sealed class HostileManifestTests : PullFixture
{
    private const string Config = """{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"DIGEST","size":2}""";

    [TearDown]
    public void Nothing_is_kept()
    {
        Transfers.Dispose();
        Assert.That(Store.All, Is.Empty);
        Assert.That(Store.Layers, Is.Empty);
    }

    [TestCase("[]", TestName = "A manifest that is a list")]
    [TestCase("{}", TestName = "A manifest of nothing")]
    [TestCase("""{"config":"x","layers":[]}""", TestName = "A configuration that is a text")]
    [TestCase("""{"config":CONFIG,"layers":{}}""", TestName = "Layers that are no list")]
    [TestCase("""{"config":CONFIG,"layers":[7]}""", TestName = "A layer that is a number")]
    [TestCase("""{"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:../../../../etc/passwd","size":2},"layers":[]}""", TestName = "A digest that is a path")]
    [TestCase("""{"config":CONFIG,"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"../../../etc/shadow","size":2}]}""", TestName = "A layer's digest that is a path")]
    [TestCase("""{"config":CONFIG,"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"DIGEST","size":-2}]}""", TestName = "A negative size")]
    [TestCase("""{"config":CONFIG,"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"DIGEST","size":"2"}]}""", TestName = "A size that is a text")]
    [TestCase("""{"config":CONFIG,"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"DIGEST","size":99999999999999999999}]}""", TestName = "A size that is no number of bytes")]
    [TestCase("""{"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"DIGEST","size":9000000000},"layers":[]}""", TestName = "A configuration of gigabytes")]
    [TestCase("""{"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"DIGEST","size":-1},"layers":[]}""", TestName = "A configuration of negative size")]
    public async Task Is_refused(string manifest)
    {
        Put("1", ManifestTypes.OciManifest, manifest);

        var failure = await Assert.ThrowsAsync<EngineException>(PullAsync);

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.InvalidData), failure.Message);
        Assert.That(Registry.Fetched, Is.Empty);
    }

    [Test]
    public async Task A_list_that_names_itself_ends()
    {
        var loop = new RemoteManifest(Samples.Digest("loop"), ManifestTypes.OciIndex, Bytes(
            $$$"""{"manifests":[{"mediaType":"{{{ManifestTypes.OciIndex}}}","digest":"{{{Samples.Digest("loop")}}}","size":2,"platform":{"os":"linux","architecture":"amd64"}}]}"""));
        Registry.Manifests[("library/app", "1")] = loop;
        Registry.Manifests[("library/app", loop.Digest.ToString())] = loop;

        var failure = await Assert.ThrowsAsync<EngineException>(PullAsync);

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.InvalidData));
        Assert.That(failure.Message, Does.Contain("nested too deeply"));
    }

    [TestCase(0)]
    [TestCase(2)]
    public async Task Layers_that_are_not_as_many_as_the_configurations_are_refused(int layers)
    {
        var honest = JsonNode.Parse(Registry.Add("library/app", "1", "amd64", "base").Content.Span)!.AsObject();
        var layer = honest["layers"]![0]!.DeepClone();
        honest["layers"] = new JsonArray([.. Enumerable.Range(0, layers).Select(_ => (JsonNode?)layer.DeepClone())]);
        Registry.Put("library/app", "1", ManifestTypes.OciManifest, honest);

        var failure = await Assert.ThrowsAsync<EngineException>(PullAsync);

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.InvalidData));
        Assert.That(failure.Message, Does.Contain($"names {layers} layers"));
    }

    private void Put(string tag, string type, string manifest)
    {
        var content = Bytes(manifest.Replace("CONFIG", Config, StringComparison.Ordinal)
            .Replace("DIGEST", Samples.Digest("any").ToString(), StringComparison.Ordinal));
        Registry.Manifests[("library/app", tag)] = new RemoteManifest(FakeRegistry.DigestOf(content), type, content);
    }

    private static byte[] Bytes(string text) => global::System.Text.Encoding.UTF8.GetBytes(text);

    private Task<Image> PullAsync() => PullAsync("app:1");
}
