using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Registry.Policy;

namespace Podsharp.Registry.Tests.Policy;

public sealed class ImagePolicyTests
{
    private const string Signed = """{"type":"signedBy","keyType":"GPGKeys","keyPath":"/key.gpg"}""";
    private Scratch _scratch = null!;

    [SetUp]
    public void SetUp() => _scratch = new Scratch();

    [TearDown]
    public void TearDown() => _scratch.Dispose();

    [TestCase("docker.io/library/busybox:1", PolicyDecision.Accept)]
    [TestCase("docker.io/library/busybox:2", PolicyDecision.Reject)]
    [TestCase("docker.io/library/alpine", PolicyDecision.Accept)]
    [TestCase("docker.io/other/x", PolicyDecision.Reject)]
    [TestCase("a.example.com/x", PolicyDecision.Accept)]
    [TestCase("example.com/x", PolicyDecision.NeedsSignature)]
    [TestCase("quay.io/x", PolicyDecision.NeedsSignature)]
    public void The_most_specific_scope_counts(string name, PolicyDecision expected)
    {
        Policy($$$$"""
            {"default":[{"type":"reject"}],
             "transports":{"docker":{
               "docker.io/library/busybox:1":[{"type":"insecureAcceptAnything"}],
               "docker.io/library/busybox":[{"type":"reject"}],
               "docker.io/library":[{"type":"insecureAcceptAnything"}],
               "docker.io":[{"type":"reject"}],
               "*.example.com":[{"type":"insecureAcceptAnything"}],
               "":[{{{{Signed}}}}]}}}
            """);
        Assert.That(Judge(name).Decision, Is.EqualTo(expected));
    }

    [Test]
    public void Other_transports_fall_to_their_own_scopes_or_the_default()
    {
        Policy("""
            {"default":[{"type":"reject"}],
             "transports":{"docker-archive":{"/srv":[{"type":"insecureAcceptAnything"}]},"docker-daemon":{"":[{"type":"insecureAcceptAnything"}]}}}
            """);
        var policy = Create();
        Assert.That(policy.JudgeLocal("docker-archive", "/srv/a/b.tar").Decision, Is.EqualTo(PolicyDecision.Accept));
        Assert.That(policy.JudgeLocal("docker-archive", "/srv2/b.tar").Decision, Is.EqualTo(PolicyDecision.Reject));
        Assert.That(policy.JudgeLocal("docker-daemon", "").Decision, Is.EqualTo(PolicyDecision.Accept));
        Assert.That(policy.JudgeLocal("oci", "/srv").Decision, Is.EqualTo(PolicyDecision.Reject));
    }

    [Test]
    public void A_wanted_signature_is_told_with_keys_and_scope()
    {
        Policy($$$$"""
            {"default":[{"type":"reject"}],"transports":{"docker":{"quay.io/team":[{"type":"insecureAcceptAnything"},{{{{Signed}}}},
              {"type":"sigstoreSigned","keyData":"QQ==","signedIdentity":{"type":"remapIdentity","prefix":"quay.io/team","signedPrefix":"origin.local"}}]}}}
            """);
        var verdict = Judge("quay.io/team/x");
        Assert.That(verdict.Decision, Is.EqualTo(PolicyDecision.NeedsSignature));
        Assert.That(verdict.Reason, Does.Contain("\"signedBy\", \"sigstoreSigned\" stands under docker:quay.io/team"));
        Assert.That(verdict.Signatures[0].KeyPaths, Is.EqualTo(["/key.gpg"]));
        Assert.That(verdict.Signatures[1].KeyData, Is.EqualTo(["QQ=="]));
        Assert.That(verdict.Signatures[1].SignedPrefix, Is.EqualTo("origin.local"));
    }

    [TestCase("""{"type":"sigstoreSigned","keyPath":"/k","rekorPublicKeyPath":"/r"}""", "rekorPublicKeyPath")]
    [TestCase("""{"type":"sigstoreSigned","fulcio":{"caPath":"/c","oidcIssuer":"x","subjectEmail":"y"},"rekorPublicKeyData":"QQ=="}""", "fulcio, rekorPublicKeyData")]
    [TestCase("""{"type":"sigstoreSigned","pki":{"caRootsPath":"/c"}}""", "pki")]
    [TestCase("""{"type":"signedBy","keyType":"X509Certificates","keyPath":"/k"}""", "keyType X509Certificates")]
    public void What_cannot_be_checked_is_refused_by_name_where_it_is_wanted(string requirement, string name)
    {
        Policy($$$$"""{"default":[{"type":"insecureAcceptAnything"}],"transports":{"docker":{"quay.io/x":[{{{{requirement}}}}]}}}""");
        Assert.That(Judge("quay.io/y").Decision, Is.EqualTo(PolicyDecision.Accept));
        var verdict = Judge("quay.io/x");
        Assert.That(verdict.Decision, Is.EqualTo(PolicyDecision.Reject));
        Assert.That(verdict.Reason, Does.Contain($"with {name} stands under docker:quay.io/x").And.Contain("not supported"));
    }

    [TestCase(ImageArchiveForm.Items, PolicyDecision.Accept)]
    [TestCase(ImageArchiveForm.Layout, PolicyDecision.Reject)]
    [TestCase(ImageArchiveForm.FileSystem, PolicyDecision.NeedsSignature)]
    public void Archives_fall_under_the_transport_of_their_form(ImageArchiveForm form, PolicyDecision expected)
    {
        Policy($$$$"""{"default":[{"type":"reject"}],"transports":{"docker-archive":{"":[{"type":"insecureAcceptAnything"}]},"tarball":{"":[{{{{Signed}}}}]}}}""");
        Assert.That(Create().JudgeArchive(form).Decision, Is.EqualTo(expected));
    }

    [Test]
    public void A_rejection_beside_other_requirements_decides()
    {
        Policy($$$$"""{"default":[{"type":"insecureAcceptAnything"},{{{{Signed}}}},{"type":"reject"}]}""");
        Assert.That(() => Judge("quay.io/x").RefuseRejected(), Throws.TypeOf<EngineException>()
            .With.Message.StartsWith("Source image rejected: Running image docker://quay.io/x is rejected by policy").And.Property("Kind").EqualTo(ErrorKind.Forbidden));
    }

    [TestCase("""{"transports":{}}""", "no default")]
    [TestCase("""{"default":[]}""", "at least one")]
    [TestCase("""{"default":[{"type":"trustMe"}]}""", "trustMe")]
    [TestCase("""{"default":[{"type":"reject"}],"extra":1}""", "extra")]
    [TestCase("""{"default":[{"type":"signedBy","keyType":"GPGKeys"}]}""", "keyPath")]
    [TestCase("""{"default":[{"type":"sigstoreSigned"}]}""", "sigstoreSigned wants")]
    [TestCase("""{"default":[{"type":"reject"}],"transports":{"docker":{"a":[{"type":"signedBy","keyType":"GPGKeys","keyPath":"/k","signedIdentity":{"type":"exactReference"}}]}}}""", "dockerReference")]
    [TestCase("""{"default":[{"type":"reject","reason":"x"}]}""", "unknown key \"reason\"")]
    [TestCase("""{"default":[{"type":"signedBy","keyType":"GPGKeys","keyPath":"/k","keyData":"QQ=="}]}""", "keyPath and keyData")]
    [TestCase("""{"default":[{"type":"signedBy","keyType":"GPGKeys","keyPaths":[]}]}""", "must not be empty")]
    [TestCase("""{"default":[{"type":"reject"}],"transports":{"docker":{"a":[{"type":"reject"}],"a":[{"type":"reject"}]}}}""", "twice")]
    [TestCase("""{"default":[{"type":"signedBy","keyType":"GPGKeys","keyPath":"/k","signedIdentity":{"type":"exactReference","dockerReference":"a.example/x"}}]}""", "neither tag nor digest")]
    [TestCase("""{"default":[{"type":"signedBy","keyType":"GPGKeys","keyPath":"/k","signedIdentity":{"type":"remapIdentity","prefix":"busybox","signedPrefix":"a.example"}}]}""", "fully expanded")]
    [TestCase("nonsense", "invalid")]
    public void What_is_not_understood_is_refused(string text, string complaint)
    {
        Policy(text);
        Assert.That(() => Judge("quay.io/x"), Throws.TypeOf<EngineException>().With.Message.Contains(complaint).And.Message.Contains("policy.json"));
    }

    [Test]
    public void No_policy_is_no_permission() =>
        Assert.That(() => Judge("quay.io/x"), Throws.TypeOf<EngineException>().With.Message.StartsWith("there is no policy.json"));

    private void Policy(string text) => _scratch.Write("policy.json", text);

    // No signature is looked for.
    private ImagePolicy Create() => new(_scratch.Places, null!);

    private PolicyVerdict Judge(string name) => Create().JudgeRemote(ImageReference.Parse(name));
}
