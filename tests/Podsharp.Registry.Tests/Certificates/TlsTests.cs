using Podsharp.Core.Errors;
using Podsharp.Core.Registries;
using Podsharp.Registry.Tests.Fakes;

namespace Podsharp.Registry.Tests.Certificates;

public sealed class TlsTests : RegistryTest
{
    private readonly TestAuthority _authority = new();

    private protected override async Task<FakeRegistry> StartAsync()
    {
        var registry = await FakeRegistry.StartAsync(_authority.Issue());
        registry.On("GET /v2/a/manifests/latest", 200, Manifest, ManifestTypes.OciManifest);
        return registry;
    }

    [OneTimeTearDown]
    public void CleanUp() => _authority.Dispose();

    [Test]
    public async Task An_unknown_authority_is_not_trusted_and_the_remedy_is_told() =>
        await Assert.ThatAsync(() => ReadAsync(), Fails(ErrorKind.InvalidData, $"/etc/containers/certs.d/{Registry.Host}/ca.crt", "tls: failed to verify certificate"));

    [TestCase("certs.d")]
    [TestCase("other-certs.d")]
    public async Task The_authority_in_certs_d_is_trusted(string directory)
    {
        Scratch.Write($"{directory}/{Registry.Host}/ca.crt", _authority.RootPem);
        await ReadAsync();
        Assert.That(Registry.Calls.Single().Protocol, Is.EqualTo("HTTP/2"));
    }

    [Test]
    public async Task Blobs_have_connections_of_their_own()
    {
        var content = Bytes(10);
        Registry.On($"GET /v2/a/blobs/{BlobOf(content).Digest}", context => context.Response.Body.WriteAsync(content).AsTask());
        Scratch.Write($"certs.d/{Registry.Host}/ca.crt", _authority.RootPem);
        await ReadAllAsync(await Open().OpenBlobAsync(BlobOf(content), 0, default));
        Assert.That(Registry.Calls.Single().Protocol, Is.EqualTo("HTTP/1.1"));
    }

    [Test]
    public async Task What_is_put_into_certs_d_counts_at_once()
    {
        await Assert.ThatAsync(() => ReadAsync(), Throws.TypeOf<EngineException>());
        Scratch.Write($"certs.d/{Registry.Host}/ca.crt", _authority.RootPem);
        await ReadAsync();
    }

    [Test]
    public async Task Another_authority_in_certs_d_does_not_help()
    {
        using var other = new TestAuthority();
        Scratch.Write($"certs.d/{Registry.Host}/ca.crt", other.RootPem);
        await Assert.ThatAsync(() => ReadAsync(), Fails(ErrorKind.InvalidData));
    }

    [Test]
    public async Task A_certificate_for_another_name_is_refused()
    {
        await using var registry = await FakeRegistry.StartAsync(_authority.Issue("elsewhere.local"));
        Scratch.Write($"certs.d/{registry.Host}/ca.crt", _authority.RootPem);
        await Assert.ThatAsync(() => ReadAsync(registry.Endpoint("a")), Fails(ErrorKind.InvalidData));
    }

    [Test]
    public async Task An_insecure_registry_may_show_any_certificate() => await ReadAsync(Registry.Endpoint("a") with { Insecure = true });

    [Test]
    public async Task Plain_HTTP_is_no_registry_unless_insecure()
    {
        await using var plain = await FakeRegistry.StartAsync();
        plain.On("GET /v2/a/manifests/latest", 200, Manifest, ManifestTypes.OciManifest);
        await Assert.ThatAsync(() => ReadAsync(plain.Endpoint("a") with { Insecure = false }), Fails(ErrorKind.InvalidData, "insecure in registries.conf", "server gave HTTP response to HTTPS client"));
        await ReadAsync(plain.Endpoint("a"));
    }

    [Test]
    public async Task The_certificate_of_ours_is_shown()
    {
        await using var registry = await FakeRegistry.StartAsync(_authority.Issue(), wantClientCertificate: true);
        var subject = "";
        registry.On("GET /v2/a/manifests/latest", async context =>
        {
            subject = context.Connection.ClientCertificate?.Subject;
            context.Response.ContentType = ManifestTypes.OciManifest;
            await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(Manifest));
        });
        Scratch.Write($"certs.d/{registry.Host}/ca.crt", _authority.RootPem);
        WriteClient(registry, "us");
        await ReadAsync(registry.Endpoint("a"));
        Assert.That(subject, Is.EqualTo("CN=us"));
    }

    [Test]
    public async Task Where_a_certificate_is_wanted_and_there_is_none_the_remedy_is_told()
    {
        await using var registry = await FakeRegistry.StartAsync(_authority.Issue(), wantClientCertificate: true);
        Scratch.Write($"certs.d/{registry.Host}/ca.crt", _authority.RootPem);
        await Assert.ThatAsync(() => ReadAsync(registry.Endpoint("a")), Fails(ErrorKind.InvalidData, $"certs.d/{registry.Host}/client.cert", "remote error: tls: certificate required"));
    }

    [Test]
    public async Task The_certificate_of_ours_is_not_shown_to_whom_we_are_redirected()
    {
        await using var elsewhere = await FakeRegistry.StartAsync(_authority.Issue(), wantClientCertificate: true);
        var content = Bytes(10);
        Registry.On($"GET /v2/a/blobs/{BlobOf(content).Digest}", 307, "", null, ("Location", $"https://127.0.0.1:{elsewhere.Address.Port}/data"));
        Scratch.Write($"certs.d/{Registry.Host}/ca.crt", _authority.RootPem);
        WriteClient(Registry, "us");
        await Assert.ThatAsync(() => Open().OpenBlobAsync(BlobOf(content), 0, default), Throws.TypeOf<EngineException>());
        Assert.That(elsewhere.Calls, Is.Empty);
    }

    [Test]
    public async Task A_redirect_from_TLS_to_plain_HTTP_is_refused()
    {
        var content = Bytes(10);
        Registry.On($"GET /v2/a/blobs/{BlobOf(content).Digest}", 307, "", null, ("Location", "http://elsewhere.invalid/data"));
        Scratch.Write($"certs.d/{Registry.Host}/ca.crt", _authority.RootPem);
        await Assert.ThatAsync(() => Open().OpenBlobAsync(BlobOf(content), 0, default), Fails(ErrorKind.InvalidData, "from TLS to plain HTTP"));
    }

    [Test]
    public async Task Credentials_are_not_sent_to_a_token_server_without_TLS()
    {
        Registry.On("GET /v2/a/manifests/latest", 401, "", null, ("WWW-Authenticate", "Bearer realm=\"http://elsewhere.invalid/token\""));
        Scratch.Write($"certs.d/{Registry.Host}/ca.crt", _authority.RootPem);
        await Assert.ThatAsync(
            () => Open(credentials: new RegistryCredentials { Username = "anna", Password = "x" }).GetManifestAsync(Latest, default), Fails(ErrorKind.InvalidData, "without TLS"));
    }

    [TestCase("us.cert", "missing key")]
    [TestCase("us.key", "missing client certificate")]
    [TestCase("ca.crt", "cannot be used")]
    public async Task A_file_that_is_of_no_use_is_named(string file, string complaint)
    {
        Scratch.Write($"certs.d/{Registry.Host}/{file}", "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n");
        await Assert.ThatAsync(() => ReadAsync(), Fails(ErrorKind.InvalidInput, complaint));
    }

    private Task<RemoteManifest> ReadAsync(RegistryEndpoint? endpoint = null) =>
        Task.Run(() => Client.Open(endpoint ?? Registry.Endpoint("a"), null, RepositoryAccess.Pull).GetManifestAsync(Latest, default));

    private void WriteClient(FakeRegistry registry, string name)
    {
        using var certificate = _authority.Issue(name);
        using var key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(certificate)!;
        Scratch.Write($"certs.d/{registry.Host}/client.cert", certificate.ExportCertificatePem());
        Scratch.Write($"certs.d/{registry.Host}/client.key", key.ExportPkcs8PrivateKeyPem());
    }
}
