using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Registry.Distribution;
using Podsharp.Registry.Tests.Fakes;

namespace Podsharp.Registry.Tests.Distribution;

/// <summary>The client against docker-registry: plain HTTP, TLS by an authority of our own, names and passwords.</summary>
public sealed class RealRegistryTests
{
    // bcrypt of "hunter2", as the registry's htpasswd wants it.
    private const string Password = "$2b$04$dncwRyCwlbf8rBzB5bXv9O6FlR1DrqUC5qh6fLzeRSLM3XOK3ErWy";
    private Scratch _scratch = null!;
    private RegistryClient _client = null!;

    [SetUp]
    public void SetUp()
    {
        _scratch = new Scratch();
        _client = new RegistryClient(new RegistryOptions { Places = _scratch.Places }, TimeProvider.System, NullLogger<RegistryClient>.Instance);
    }

    [TearDown]
    public void TearDown()
    {
        _client.Dispose();
        _scratch.Dispose();
    }

    [Test]
    public async Task What_is_pushed_can_be_pulled_over_plain_HTTP()
    {
        await using var registry = await RealRegistry.StartAsync(_scratch);
        await RoundTripAsync(registry.Endpoint("team/app", insecure: true), null);
    }

    [Test]
    public async Task What_is_pushed_can_be_pulled_over_TLS()
    {
        using var authority = new TestAuthority();
        using var certificate = authority.Issue();
        using var key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(certificate)!;
        _scratch.Write("server.crt", certificate.ExportCertificatePem()).Write("server.key", key.ExportPkcs8PrivateKeyPem());
        await using var registry = await RealRegistry.StartAsync(_scratch, $"  tls: {{certificate: {_scratch.Path("server.crt")}, key: {_scratch.Path("server.key")}}}");
        _scratch.Write($"certs.d/{registry.Host}/ca.crt", authority.RootPem);
        await RoundTripAsync(registry.Endpoint("team/app"), null);
    }

    [Test]
    public async Task Name_and_password_are_asked_for()
    {
        _scratch.Write("htpasswd", $"anna:{Password}\n");
        await using var registry = await RealRegistry.StartAsync(_scratch, more: $"auth: {{htpasswd: {{realm: x, path: {_scratch.Path("htpasswd")}}}}}");
        var anna = new RegistryCredentials { Username = "anna", Password = "hunter2" };
        var endpoint = registry.Endpoint("team/app", insecure: true);
        await RoundTripAsync(endpoint, anna);
        Assert.That(await _client.LogInAsync(endpoint, anna, default), Is.Null);
        await Assert.ThatAsync(() => ReadAsync(endpoint, null), Fails("no basic auth credentials"));
        await Assert.ThatAsync(() => ReadAsync(endpoint, anna with { Password = "no" }), Fails("unauthorized: authentication required"));
        await Assert.ThatAsync(() => _client.LogInAsync(endpoint, anna with { Password = "no" }, default), Fails("unauthorized"));
    }

    private async Task RoundTripAsync(RegistryEndpoint endpoint, RegistryCredentials? credentials)
    {
        var repository = _client.Open(endpoint, credentials, RepositoryAccess.PullAndPush);
        var content = RandomNumberGenerator.GetBytes(5_000_000);
        var blob = new BlobDescriptor(Digest.FromHash(SHA256.HashData(content)), content.Length);
        var push = new BlobPush { Blob = blob, Open = _ => ValueTask.FromResult<Stream>(new MemoryStream(content)) };
        Assert.That((await repository.PushBlobAsync(push, default)).Result, Is.EqualTo(BlobPushResult.Sent));
        Assert.That((await repository.PushBlobAsync(push, default)).Result, Is.EqualTo(BlobPushResult.AlreadyThere));
        Assert.That(await repository.FindBlobAsync(blob.Digest, default), Is.EqualTo(content.Length));

        var manifest = ManifestOf(blob);
        Assert.That(await repository.PutManifestAsync(ManifestSelector.ByTag("1"), manifest, default), Is.EqualTo(manifest.Digest));
        await repository.PutManifestAsync(ManifestSelector.ByTag("2"), manifest, default);
        Assert.That((await repository.GetManifestAsync(ManifestSelector.ByTag("1"), default)).Content.ToArray(), Is.EqualTo(manifest.Content.ToArray()));
        Assert.That(await repository.FindManifestAsync(ManifestSelector.ByDigest(manifest.Digest), default), Is.EqualTo(manifest.Descriptor));
        Assert.That(await repository.FindManifestAsync(ManifestSelector.ByTag("none"), default), Is.Null);
        Assert.That(await repository.ListTagsAsync(default).ToListAsync(), Is.EquivalentTo(["1", "2"]));

        await using var stream = await repository.OpenBlobAsync(blob, 1_000_000, default);
        var read = new MemoryStream();
        await stream.CopyToAsync(read);
        Assert.That(read.ToArray().AsSpan().SequenceEqual(content.AsSpan(1_000_000)));

        var other = _client.Open(endpoint with { Repository = "other" }, credentials, RepositoryAccess.PullAndPush);
        Assert.That(await other.PushBlobAsync(push with { MountFrom = ["team/app"] }, default), Is.EqualTo(new BlobPushOutcome(BlobPushResult.Mounted, "team/app")));
        Assert.That((await _client.SearchAsync(endpoint with { Repository = "" }, credentials, "team", 10, default)).Select(found => found.Name), Is.EqualTo(["team/app"]));
    }

    private async Task ReadAsync(RegistryEndpoint endpoint, RegistryCredentials? credentials) =>
        await _client.Open(endpoint, credentials, RepositoryAccess.Pull).GetManifestAsync(ManifestSelector.ByTag("1"), default);

    private static RemoteManifest ManifestOf(BlobDescriptor blob)
    {
        var content = Encoding.UTF8.GetBytes($$"""
            {"schemaVersion":2,"mediaType":"{{ManifestTypes.OciManifest}}",
             "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{blob.Digest}}","size":{{blob.Size}}},
             "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"{{blob.Digest}}","size":{{blob.Size}}}]}
            """);
        return new RemoteManifest(Digest.FromHash(SHA256.HashData(content)), ManifestTypes.OciManifest, content);
    }

    private static NUnit.Framework.Constraints.IResolveConstraint Fails(string cause) =>
        Throws.TypeOf<EngineException>().With.Property("Kind").EqualTo(ErrorKind.Unauthorized).And.Property("Cause").Contains(cause);
}
