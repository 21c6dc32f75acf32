using System.Security.Cryptography;
using System.Text;
using NUnit.Framework;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;

namespace Podsharp.Testing.Contracts;

/// <summary>What every <see cref="IRegistryClient"/> keeps to. Derive, answer a client and a place on an empty registry, and the tests run.</summary>
public abstract class RegistryClientContract
{
    private static readonly byte[] Content = RandomNumberGenerator.GetBytes(100_000);
    private static readonly BlobDescriptor Blob = new(Digest.FromHash(SHA256.HashData(Content)), Content.Length);
    private static readonly ManifestSelector One = ManifestSelector.ByTag("one");

    protected abstract IRegistryClient Client { get; }

    protected abstract RegistryEndpoint Place(string repository);

    [Test]
    public async Task A_pushed_blob_is_found_and_read_from_any_offset()
    {
        Assert.That(await PushAsync("team/app"), Is.EqualTo(new BlobPushOutcome(BlobPushResult.Sent)));
        Assert.That(await Open("team/app").FindBlobAsync(Blob.Digest, default), Is.EqualTo(Blob.Size));
        Assert.That(await ReadAsync(0), Is.EqualTo(Content));
        Assert.That(await ReadAsync(99_999), Is.EqualTo(Content[99_999..]));
        Assert.That(await ReadAsync(100_000), Is.Empty);
    }

    [Test]
    public async Task A_blob_that_is_there_is_not_sent_again()
    {
        await PushAsync("team/app");
        Assert.That(await PushAsync("team/app", () => throw new AssertionException("it was opened")), Is.EqualTo(new BlobPushOutcome(BlobPushResult.AlreadyThere)));
    }

    [Test]
    public async Task A_blob_is_mounted_from_the_first_repository_that_has_it()
    {
        await PushAsync("team/app");
        Assert.That(
            await PushAsync("team/other", () => throw new AssertionException("it was opened"), "team/none", "team/app"),
            Is.EqualTo(new BlobPushOutcome(BlobPushResult.Mounted, "team/app")));
        Assert.That(await Open("team/other").FindBlobAsync(Blob.Digest, default), Is.EqualTo(Blob.Size));
    }

    [Test]
    public async Task A_missing_blob_is_null_or_not_found()
    {
        Assert.That(await Open("team/app").FindBlobAsync(Blob.Digest, default), Is.Null);
        await Assert.ThatAsync(() => Open("team/app").OpenBlobAsync(Blob, 0, default), IsNotFound);
    }

    [Test]
    public async Task A_manifest_is_had_by_tag_and_by_digest()
    {
        var manifest = await PutAsync(One);
        foreach (var selector in new[] { One, ManifestSelector.ByDigest(manifest.Digest) })
        {
            var got = await Open("team/app").GetManifestAsync(selector, default);
            Assert.That(got.Content.ToArray(), Is.EqualTo(manifest.Content.ToArray()));
            Assert.That(got.Descriptor, Is.EqualTo(manifest.Descriptor));
            Assert.That(await Open("team/app").FindManifestAsync(selector, default), Is.EqualTo(manifest.Descriptor));
        }
    }

    [Test]
    public async Task A_tag_moves_and_the_digest_stays()
    {
        var former = await PutAsync(One);
        var latter = await PutAsync(One, note: "another");
        Assert.That((await Open("team/app").GetManifestAsync(One, default)).Digest, Is.EqualTo(latter.Digest));
        Assert.That((await Open("team/app").GetManifestAsync(ManifestSelector.ByDigest(former.Digest), default)).Digest, Is.EqualTo(former.Digest));
    }

    [Test]
    public async Task A_missing_manifest_is_null_or_not_found()
    {
        Assert.That(await Open("team/app").FindManifestAsync(One, default), Is.Null);
        await Assert.ThatAsync(() => Open("team/app").GetManifestAsync(One, default), IsNotFound);
    }

    [Test]
    public async Task Tags_and_repositories_are_listed()
    {
        await PutAsync(One);
        await PutAsync(ManifestSelector.ByTag("two"));
        Assert.That(await Open("team/app").ListTagsAsync(default).ToListAsync(), Is.EquivalentTo(["one", "two"]));
        Assert.That(await Client.ListRepositoriesAsync(Place(""), null, default).ToListAsync(), Is.EqualTo(["team/app"]));
        Assert.That((await Client.SearchAsync(Place(""), null, "eam", 5, default)).Select(found => found.Name), Is.EqualTo(["team/app"]));
        Assert.That(await Client.SearchAsync(Place(""), null, "none", 5, default), Is.Empty);
    }

    private static NUnit.Framework.Constraints.IResolveConstraint IsNotFound =>
        Throws.TypeOf<EngineException>().With.Property(nameof(EngineException.Kind)).EqualTo(ErrorKind.NotFound);

    private IRemoteRepository Open(string repository) => Client.Open(Place(repository), null, RepositoryAccess.PullAndPush);

    private async Task<BlobPushOutcome> PushAsync(string repository, Func<Stream>? open = null, params string[] from) =>
        await Open(repository).PushBlobAsync(new BlobPush { Blob = Blob, Open = _ => new(open is null ? new MemoryStream(Content) : open()), MountFrom = from }, default);

    private async Task<byte[]> ReadAsync(long offset)
    {
        await using var stream = await Open("team/app").OpenBlobAsync(Blob, offset, default);
        var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    private async Task<RemoteManifest> PutAsync(ManifestSelector selector, string note = "")
    {
        await PushAsync("team/app");
        var descriptor = $"\"digest\":\"{Blob.Digest}\",\"size\":{Blob.Size}";
        var content = Encoding.UTF8.GetBytes($$"""
            {"schemaVersion":2,"mediaType":"{{ManifestTypes.OciManifest}}",
             "config":{"mediaType":"application/vnd.oci.image.config.v1+json",{{descriptor}}},
             "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar",{{descriptor}}}],"annotations":{"note":"{{note}}"} }
            """);
        var manifest = new RemoteManifest(Digest.FromHash(SHA256.HashData(content)), ManifestTypes.OciManifest, content);
        Assert.That(await Open("team/app").PutManifestAsync(selector, manifest, default), Is.EqualTo(manifest.Digest));
        return manifest;
    }
}
