using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Registry.Policy;
using Podsharp.Registry.Signatures;
using Podsharp.Registry.Tests.Fakes;
using Podsharp.Registry.Transport;

namespace Podsharp.Registry.Tests.Signatures;

/// <summary>Signatures beside a registry and in it, held against a policy; OpenPGP is a fake here: a message is "KEY:content".</summary>
public sealed class SignatureProofTests : RegistryTest
{
    private const string Simple = "atomic container signature";
    private const string Cosign = "cosign container image signature";
    private static readonly Digest Image = Digest.FromHash(SHA256.HashData("manifest"u8));
    private static readonly Digest List = Digest.FromHash(SHA256.HashData("list"u8));

    private SignatureStore _store = null!;

    private string Name => $"{Registry.Host}/team/x:1";

    [SetUp]
    public void CreateStore()
    {
        _store = new SignatureStore(new RegistryOptions { Places = Scratch.Places, Patience = Patience, Proxy = ProxyVariables.None }, Clock, NullLogger<SignatureStore>.Instance);
        Scratch.Write("key.gpg", "me");
        Policy("""{"type":"signedBy","keyType":"GPGKeys","keyPath":"KEY"}""".Replace("KEY", Scratch.Path("key.gpg"), StringComparison.Ordinal));
    }

    [TearDown]
    public void DisposeStore() => _store.Dispose();

    [Test]
    public void A_signature_of_the_image_s_manifest_lets_it_in()
    {
        Sign(Image, "me:" + Claim(Simple, Image, Name));
        Assert.That(ProveAsync, Throws.Nothing);
    }

    [Test]
    public void A_signature_of_the_list_that_names_it_lets_it_in()
    {
        Sign(List, "me:" + Claim(Simple, List, Name));
        Assert.That(ProveAsync, Throws.Nothing);
    }

    [Test]
    public void One_good_signature_beside_others_suffices()
    {
        Sign(Image, "somebody:" + Claim(Simple, Image, Name), "me:" + Claim(Simple, Image, $"{Registry.Host}/team/x:2"), "me:" + Claim(Simple, Image, Name));
        Assert.That(ProveAsync, Throws.Nothing);
    }

    [Test]
    public void No_signature_is_a_rejection() => Assert.That(ProveAsync, Rejects("A signature was required, but no signature exists"));

    [Test]
    public void A_signature_by_another_key_is_a_rejection()
    {
        Sign(Image, "somebody:" + Claim(Simple, Image, Name));
        Assert.That(ProveAsync, Rejects("Invalid GPG signature: wrong key"));
    }

    [Test]
    public void A_signature_of_another_name_is_a_rejection()
    {
        Sign(Image, "me:" + Claim(Simple, Image, "other.example/x:1"));
        Assert.That(ProveAsync, Rejects("Signature for identity \"other.example/x:1\" is not accepted"));
    }

    [Test]
    public void A_signature_of_another_manifest_is_a_rejection()
    {
        var other = Digest.FromHash(SHA256.HashData("other"u8));
        Sign(Image, "me:" + Claim(Simple, other, Name));
        Assert.That(ProveAsync, Rejects($"Signature for digest {other} does not match"));
    }

    [TestCase("nonsense", "not JSON")]
    [TestCase("""{"critical":{"type":"atomic container signature","image":{},"identity":{}},"optional":{}}""", "docker-manifest-digest")]
    [TestCase("""{"critical":{"type":"atomic container signature","image":{},"identity":{},"more":1},"optional":{}}""", "unknown key \"more\"")]
    [TestCase("""{"critical":{"type":"else","image":{},"identity":{}}}""", "Unrecognized signature type else")]
    public void A_signature_of_something_else_is_a_rejection(string content, string why)
    {
        Sign(Image, "me:" + content);
        Assert.That(ProveAsync, Rejects("Invalid signature: ").With.Message.Contains(why));
    }

    [Test]
    public void Several_bad_signatures_are_all_told()
    {
        Sign(Image, "somebody:x", "me:nonsense");
        Assert.That(ProveAsync, Rejects("None of the signatures were accepted, reasons: Invalid GPG signature: wrong key; Invalid signature"));
    }

    [Test]
    public void Signatures_are_fetched_from_a_web_server_until_one_is_missing()
    {
        Scratch.Write("registries.d/a.yaml", $"default-docker:\n  lookaside: {Registry.Address}below/\n");
        Registry.On($"GET /below/team/x@sha256={Image.Hex}/signature-1", 200, "somebody:x");
        Registry.On($"GET /below/team/x@sha256={Image.Hex}/signature-2", 200, "me:" + Claim(Simple, Image, Name));
        Assert.That(ProveAsync, Throws.Nothing);
    }

    [Test]
    public void A_web_server_that_fails_is_told_as_it_is()
    {
        Scratch.Write("registries.d/a.yaml", $"default-docker:\n  lookaside: {Registry.Address}\n");
        Registry.On($"GET /team/x@sha256={Image.Hex}/signature-1", 403, "no");
        Assert.That(ProveAsync, Fails(ErrorKind.Forbidden, "signature-1"));
    }

    [Test]
    public void A_key_that_cannot_be_read_is_told()
    {
        File.Delete(Scratch.Path("key.gpg"));
        Assert.That(ProveAsync, Fails(ErrorKind.InvalidInput, "key.gpg"));
    }

    [Test]
    public void Armored_keys_are_given_as_binary_ones()
    {
        Scratch.Write("key.gpg", "-----BEGIN PGP PUBLIC KEY BLOCK-----\nComment: x\n\nb3Ro\nZXI=\n=AbCd\n-----END PGP PUBLIC KEY BLOCK-----\n" +
            "-----BEGIN PGP PUBLIC KEY BLOCK-----\r\n\r\nbWU=\r\n=AbCd\r\n-----END PGP PUBLIC KEY BLOCK-----\r\n");
        Sign(Image, "me:" + Claim(Simple, Image, Name));
        Assert.That(ProveAsync, Throws.Nothing);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_sigstore_attachment_by_the_key_lets_the_image_in(bool elliptic)
    {
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(2048);
        SigstorePolicy(elliptic ? curve.ExportSubjectPublicKeyInfoPem() : rsa.ExportSubjectPublicKeyInfoPem());
        var payload = Encoding.UTF8.GetBytes(Claim(Cosign, Image, Name));
        Attach(payload, elliptic ? Sign(curve, payload) : rsa.SignData(payload, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Assert.That(ProveAsync, Throws.Nothing);
    }

    [Test]
    public void A_sigstore_attachment_by_another_key_is_a_rejection()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        SigstorePolicy(key.ExportSubjectPublicKeyInfoPem());
        var payload = Encoding.UTF8.GetBytes(Claim(Cosign, Image, Name));
        Attach(payload, Sign(other, payload));
        Assert.That(ProveAsync, Rejects("cryptographic signature verification failed"));
    }

    [Test]
    public void A_simple_signature_does_not_do_for_a_sigstore_one()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        SigstorePolicy(key.ExportSubjectPublicKeyInfoPem());
        var payload = Encoding.UTF8.GetBytes(Claim(Simple, Image, Name));
        Attach(payload, Sign(key, payload));
        Assert.That(ProveAsync, Rejects("Invalid signature: Unrecognized signature type atomic"));
    }

    [Test]
    public void Attachments_do_not_count_where_nobody_says_so()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        SigstorePolicy(key.ExportSubjectPublicKeyInfoPem());
        Directory.Delete(Scratch.Path("registries.d"), recursive: true);
        var payload = Encoding.UTF8.GetBytes(Claim(Cosign, Image, Name));
        Attach(payload, Sign(key, payload));
        Assert.That(ProveAsync, Rejects("A signature was required, but no signature exists"));
    }

    [Test]
    public void A_key_of_type_ed25519_is_refused_by_name()
    {
        SigstorePolicy("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n");
        Attach([1], [2]);
        Assert.That(ProveAsync, Fails(ErrorKind.NotSupported, "Ed25519"));
    }

    private static byte[] Sign(ECDsa key, byte[] payload) => key.SignData(payload, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    private void Policy(string requirement) => Scratch.Write("policy.json", $$"""{"default":[{"type":"insecureAcceptAnything"},{{requirement}}]}""");

    private void SigstorePolicy(string key)
    {
        Policy($$"""{"type":"sigstoreSigned","keyData":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(key))}}"}""");
        Scratch.Write("registries.d/a.yaml", "default-docker:\n  use-sigstore-attachments: true\n");
    }

    private static string Claim(string type, Digest digest, string name) =>
        $$$"""{"critical":{"type":"{{{type}}}","image":{"docker-manifest-digest":"{{{digest}}}"},"identity":{"docker-reference":"{{{name}}}"}},"optional":{"creator":"test"}}""";

    private void Sign(Digest digest, params string[] messages)
    {
        for (var i = 0; i < messages.Length; i++) Scratch.Write($"sigstore/team/x@sha256={digest.Hex}/signature-{i + 1}", messages[i]);
    }

    private void Attach(byte[] payload, byte[] signature)
    {
        var digest = BlobOf(payload).Digest;
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestTypes.OciManifest,
            ["config"] = new JsonObject(),
            ["layers"] = new JsonArray(new JsonObject
            {
                ["mediaType"] = "application/vnd.dev.cosign.simplesigning.v1+json",
                ["digest"] = digest.ToString(),
                ["size"] = payload.Length,
                ["annotations"] = new JsonObject { ["dev.cosignproject.cosign/signature"] = Convert.ToBase64String(signature) },
            }),
        };
        Registry.On($"GET /v2/team/x/manifests/sha256-{Image.Hex}.sig", 200, manifest.ToJsonString(), ManifestTypes.OciManifest);
        Registry.On($"GET /v2/team/x/blobs/{digest}", async context =>
        {
            context.Response.ContentLength = payload.Length;
            await context.Response.Body.WriteAsync(payload);
        });
    }

    private async Task ProveAsync()
    {
        var policy = new ImagePolicy(Scratch.Places, new SignatureProof(new SignatureSources(Scratch.Places, _store), new FakeOpenPgp()));
        var name = ImageReference.Parse(Name);
        await policy.ProveAsync(policy.JudgeRemote(name), new RemoteManifests(name, Open("team/x"), [Image, List]), CancellationToken.None);
    }

    private static NUnit.Framework.Constraints.Constraint Rejects(string why) => Throws.TypeOf<EngineException>()
        .With.Property(nameof(EngineException.Kind)).EqualTo(ErrorKind.Forbidden).And.Message.StartsWith($"Source image rejected: {why}");

    private sealed class FakeOpenPgp : IOpenPgp
    {
        public Task<OpenPgpOutcome> OpenAsync(ReadOnlyMemory<byte> message, IReadOnlyList<ReadOnlyMemory<byte>> keyrings, CancellationToken cancellationToken)
        {
            var parts = Encoding.UTF8.GetString(message.Span).Split(':', 2);
            return Task.FromResult(keyrings.Any(key => Encoding.UTF8.GetString(key.Span) == parts[0])
                ? new OpenPgpOutcome(Encoding.UTF8.GetBytes(parts[1]), "")
                : new OpenPgpOutcome(default, "wrong key"));
        }
    }
}
