using System.Text;
using System.Text.Json.Nodes;
using Podsharp.System.Tests.Life;

namespace Podsharp.System.Tests.Images;

/// <summary>policy.json with real keys: signatures by gpg in a lookaside, sigstore's by openssl in the registry.</summary>
[CancelAfter(180_000)]
public sealed class SignaturePolicyTests : ServiceTest
{
    private const string Key = "signer@example.com";
    private const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";
    private string _directory = "";
    private PodsharpService _service = null!;
    private DockerRegistry _registry = null!;

    private string Name => $"{_registry.Host}/signed:1";

    [SetUp]
    public async Task PushAsync()
    {
        if (!DockerRegistry.IsInstalled) Assert.Ignore("docker-registry is not installed");
        foreach (var program in new[] { "gpg", "gpgv", "openssl" })
        {
            if (!File.Exists($"/usr/bin/{program}")) Assert.Ignore($"{program} is not installed");
        }

        _directory = Directory.CreateTempSubdirectory("ps-sig-").FullName;
        Write("registries.d/test.yaml", $"default-docker:\n  lookaside: file://{_directory}/lookaside\n  use-sigstore-attachments: true\n");
        Policy("""{"type":"insecureAcceptAnything"}""");
        _service = await StartWithImageAsync(new ServiceSetup { Environment = [$"XDG_CONFIG_HOME={_directory}"] });
        _registry = await DockerRegistry.StartAsync(_service);
        await _service.Docker.OutputAsync("tag", Image, Name);
        await _service.Docker.OutputAsync("push", Name);
        await _service.Docker.OutputAsync("rmi", "-f", Name, Image);
    }

    [TearDown]
    public async Task RemoveAsync()
    {
        if (_directory.Length == 0) return;
        if (_registry is not null) await _registry.DisposeAsync();
        if (Directory.Exists(Home)) await new Command("gpgconf", "--homedir", Home, "--kill", "all").RunAsync();
        Directory.Delete(_directory, recursive: true);
        _directory = "";
    }

    [Test]
    public async Task An_image_signed_by_the_wanted_gpg_key_is_pulled_and_no_other()
    {
        await MakeGpgKeyAsync();
        Policy($$"""{"type":"signedBy","keyType":"GPGKeys","keyPath":"{{_directory}}/key.asc"}""");

        var unsigned = await _service.Docker.RunAsync("pull", Name);
        await SignByGpgAsync(await DigestAsync(), "elsewhere.example/signed:1");
        var misnamed = await _service.Docker.RunAsync("pull", Name);
        Assert.That(await _service.Docker.LinesAsync("images", "-aq"), Is.Empty);
        await SignByGpgAsync(await DigestAsync(), Name);
        await _service.Docker.OutputAsync("pull", Name);

        Assert.That(unsigned.Error, Does.StartWith("Error response from daemon: Source image rejected: A signature was required, but no signature exists"));
        Assert.That(misnamed.Error, Does.Contain("Source image rejected: Signature for identity \"elsewhere.example/signed:1\" is not accepted"));
        Assert.That(await _service.Docker.OutputAsync("run", "--rm", "--network", "none", Name, "echo", "trusted"), Is.EqualTo("trusted"));
    }

    [Test]
    public async Task An_image_signed_by_another_gpg_key_is_refused()
    {
        await MakeGpgKeyAsync();
        await SignByGpgAsync(await DigestAsync(), Name);
        await new Command("gpg", "--homedir", Home, "--batch", "--quiet", "--passphrase", "", "--quick-gen-key", "other@example.com", "ed25519", "default", "never").OutputAsync();
        await new Command("gpg", "--homedir", Home, "--batch", "--yes", "--output", $"{_directory}/key.gpg", "--export", "other@example.com").OutputAsync();
        Policy($$"""{"type":"signedBy","keyType":"GPGKeys","keyPath":"{{_directory}}/key.gpg"}""");

        var refused = await _service.Docker.RunAsync("pull", Name);

        Assert.That(refused.ExitCode, Is.EqualTo(1));
        Assert.That(refused.Error, Does.Contain("Source image rejected: Invalid GPG signature"));
    }

    [Test]
    public async Task What_skopeo_signed_is_pulled_until_somebody_moves_the_tag()
    {
        const string Skopeo = "/usr/bin/skopeo";
        if (!File.Exists(Skopeo)) Assert.Ignore("skopeo is not installed");
        await MakeGpgKeyAsync();
        Policy($$"""{"type":"signedBy","keyType":"GPGKeys","keyPath":"{{_directory}}/key.asc"}""");
        string[] copy = ["copy", "--src-tls-verify=false", "--dest-tls-verify=false", "--insecure-policy", "--registries.d", $"{_directory}/containers/registries.d"];
        var (signed, tampered) = ($"{_registry.Host}/skopeo:1", $"{_registry.Host}/skopeo:2");
        var skopeo = _service.OnHost(Skopeo, [.. copy, "--sign-by", Key, $"docker://{Name}", $"docker://{signed}"]);
        await (skopeo with { Environment = new Dictionary<string, string> { ["GNUPGHOME"] = Home } }).OutputAsync();

        await _service.Docker.OutputAsync("pull", signed);
        // The signature goes along with the manifest's digest, but it is one of tag 1.
        var manifest = await _service.OnHost("curl", "-sf", "-H", $"Accept: {ManifestType}", $"http://{_registry.Host}/v2/skopeo/manifests/1").OutputAsync();
        await _registry.PutManifestAsync("skopeo", "2", ManifestType, manifest);
        var misnamed = await _service.Docker.RunAsync("pull", tampered);
        await _registry.PutManifestAsync("skopeo", "1", ManifestType, manifest + "\n");
        var changed = await _service.Docker.RunAsync("pull", signed);

        Assert.That(misnamed.Error, Does.Contain("Source image rejected: Signature for identity").And.Contain("is not accepted"));
        Assert.That(changed.Error, Does.Contain("Source image rejected: A signature was required, but no signature exists"));
    }

    [Test]
    public async Task An_image_with_a_sigstore_signature_by_the_wanted_key_is_pulled_and_no_other()
    {
        await new Command("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", $"{_directory}/cosign.key").OutputAsync();
        await new Command("openssl", "ec", "-in", $"{_directory}/cosign.key", "-pubout", "-out", $"{_directory}/cosign.pub").OutputAsync();
        Policy($$$"""{"type":"sigstoreSigned","keyPath":"{{{_directory}}}/cosign.pub","signedIdentity":{"type":"matchRepository"}}""");
        var payload = Claim("cosign container image signature", await DigestAsync(), $"{_registry.Host}/signed");

        var unsigned = await _service.Docker.RunAsync("pull", Name);
        await AttachAsync(payload, "not base64");
        var wrong = await _service.Docker.RunAsync("pull", Name);
        await AttachAsync(payload, await SignByOpensslAsync(payload));
        await _service.Docker.OutputAsync("pull", Name);

        Assert.That(unsigned.Error, Does.Contain("Source image rejected: A signature was required, but no signature exists"));
        Assert.That(wrong.Error, Does.Contain("Source image rejected: cryptographic signature verification failed"));
    }

    [Test]
    public async Task What_the_policy_rejects_is_neither_pulled_nor_loaded_nor_imported()
    {
        Policy("""{"type":"reject"}""");

        var pulled = await _service.Docker.RunAsync("pull", Name);
        await using var archive = File.OpenRead(await BusyboxImage.ArchiveAsync());
        var loaded = await (_service.Docker.Command("load") with { Input = stream => archive.CopyToAsync(stream) }).RunAsync();
        var imported = await (_service.Docker.Command("import", "-", "made:1") with { Input = stream => stream.WriteAsync(new byte[10240]).AsTask() }).RunAsync();

        Assert.That(pulled.Error, Does.StartWith($"Error response from daemon: Source image rejected: Running image docker://{Name} is rejected by policy"));
        Assert.That(loaded.Error, Does.Contain("Source image rejected: Running image docker-archive: is rejected by policy"));
        Assert.That(imported.Error, Does.Contain("Source image rejected: Running image tarball: is rejected by policy"));
        Assert.That(await _service.Docker.LinesAsync("images", "-aq"), Is.Empty);
        Assert.That(Directory.GetFileSystemEntries(Path.Join(_service.Root, "tmp")), Is.Empty);
    }

    private string Home => Path.Join(_directory, "gpg");

    private void Policy(string requirement) => Write("policy.json", $$"""{"default":[{{requirement}}]}""");

    private void Write(string name, string text)
    {
        var path = Path.Join(_directory, "containers", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private async Task<string> DigestAsync()
    {
        var head = await _service.OnHost(
            "curl", "-sfI", "-H", $"Accept: {ManifestType}", $"http://{_registry.Host}/v2/signed/manifests/1").OutputAsync();
        return head.Split('\n').First(line => line.StartsWith("Docker-Content-Digest: ", StringComparison.OrdinalIgnoreCase)).Split(' ')[1].Trim();
    }

    private async Task MakeGpgKeyAsync()
    {
        Directory.CreateDirectory(Home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await new Command("gpg", "--homedir", Home, "--batch", "--quiet", "--passphrase", "", "--quick-gen-key", Key, "ed25519", "default", "never").OutputAsync();
        await new Command("gpg", "--homedir", Home, "--armor", "--output", $"{_directory}/key.asc", "--export", Key).OutputAsync();
    }

    private async Task SignByGpgAsync(string digest, string name)
    {
        var place = Directory.CreateDirectory($"{_directory}/lookaside/signed@{digest.Replace(':', '=')}").FullName;
        await new Command("gpg", "--homedir", Home, "--batch", "--yes", "-u", Key, "--output", $"{place}/signature-1", "--sign")
            .WithInput(Claim("atomic container signature", digest, name)).OutputAsync();
    }

    private async Task<string> SignByOpensslAsync(string payload)
    {
        await File.WriteAllTextAsync($"{_directory}/payload", payload);
        await new Command("openssl", "dgst", "-sha256", "-sign", $"{_directory}/cosign.key", "-out", $"{_directory}/payload.sig", $"{_directory}/payload").OutputAsync();
        return Convert.ToBase64String(await File.ReadAllBytesAsync($"{_directory}/payload.sig"));
    }

    private async Task AttachAsync(string payload, string signature)
    {
        const string Config = "{}";
        await _registry.PutBlobAsync("signed", Config);
        await _registry.PutBlobAsync("signed", payload);
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
            ["config"] = Descriptor("application/vnd.oci.image.config.v1+json", Config),
            ["layers"] = new JsonArray(Descriptor("application/vnd.dev.cosign.simplesigning.v1+json", payload)),
        };
        manifest["layers"]![0]!["annotations"] = new JsonObject { ["dev.cosignproject.cosign/signature"] = signature };
        await _registry.PutManifestAsync("signed", $"{(await DigestAsync()).Replace(':', '-')}.sig", "application/vnd.oci.image.manifest.v1+json", manifest.ToJsonString());
    }

    private static JsonObject Descriptor(string type, string content) => new()
    {
        ["mediaType"] = type,
        ["digest"] = DockerRegistry.DigestOf(Encoding.UTF8.GetBytes(content)),
        ["size"] = Encoding.UTF8.GetByteCount(content),
    };

    private static string Claim(string type, string digest, string name) =>
        $$$"""{"critical":{"type":"{{{type}}}","image":{"docker-manifest-digest":"{{{digest}}}"},"identity":{"docker-reference":"{{{name}}}"}},"optional":{}}""";
}
