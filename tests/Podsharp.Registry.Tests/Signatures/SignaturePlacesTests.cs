using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Registry.Signatures;

namespace Podsharp.Registry.Tests.Signatures;

public sealed class SignaturePlacesTests
{
    private Scratch _scratch = null!;

    [SetUp]
    public void SetUp() => _scratch = new Scratch();

    [TearDown]
    public void TearDown() => _scratch.Dispose();

    [Test]
    public void Without_configuration_signatures_lie_in_the_machines_store() =>
        Assert.That(Read().LookasideOf(Name("a.example/x:1")).LocalPath, Is.EqualTo(_scratch.Path("sigstore")));

    [TestCase("a.example/team/x:1", "https://one.example/")]
    [TestCase("a.example/team/x:2", "https://team.example/s")]
    [TestCase("a.example/other:1", "file:///srv/host")]
    [TestCase("b.example/other:1", "file:///srv/default")]
    public void The_most_specific_scope_counts(string name, string expected)
    {
        _scratch.Write("registries.d/a.yaml", """
            # The machine's own.
            default-docker:
                lookaside: file:///srv/default
            docker:
                a.example:
                    sigstore: file:///srv/host
                    sigstore-staging: file:///srv/written
                a.example/team: { lookaside: "https://team.example/s" }
            """);
        _scratch.Write("registries.d/b.yaml", "docker:\n  a.example/team/x:1:\n    lookaside: https://one.example\n");
        _scratch.Write("registries.d/ignored.yml", "- nonsense");
        Assert.That(Read().LookasideOf(Name(name)), Is.EqualTo(new Uri(expected)));
    }

    [TestCase("a.example/x:1", true)]
    [TestCase("a.example/y:1", false)]
    [TestCase("b.example/x:1", false)]
    public void Attachments_are_used_where_it_is_said(string name, bool expected)
    {
        _scratch.Write("registries.d/a.yaml", "docker:\n  a.example:\n    use-sigstore-attachments: true\n  a.example/y:\n    use-sigstore-attachments: false\n");
        Assert.That(Read().UsesAttachments(Name(name)), Is.EqualTo(expected));
    }

    [TestCase("docker: [a]", "line 1")]
    [TestCase("docker:\n  a:\n    lookasid: file:///x", "unknown key \"lookasid\"")]
    [TestCase("docker:\n  a:\n    lookaside: ftp://x", "file, http or https")]
    [TestCase("docker:\n  a:\n    use-sigstore-attachments: maybe", "true or false")]
    [TestCase("docker:\n  a: &x\n    lookaside: file:///x\n  b: *x", "line 4")]
    [TestCase("other: {}", "unknown or misplaced key \"other\"")]
    [TestCase("docker:\n  a.example: {}\n  a.example: {}", "twice")]
    [TestCase("a: [", "line")]
    public void What_is_wrong_is_told_with_its_file(string text, string complaint)
    {
        _scratch.Write("registries.d/a.yaml", text);
        Assert.That(Read, Throws.TypeOf<EngineException>().With.Message.Contains(complaint).And.Message.Contains("a.yaml"));
    }

    [Test]
    public void A_scope_in_two_files_is_told_with_both()
    {
        _scratch.Write("registries.d/a.yaml", "default-docker:\n  lookaside: file:///x\n").Write("registries.d/b.yaml", "default-docker:\n  lookaside: file:///x\n");
        Assert.That(Read, Throws.TypeOf<EngineException>().With.Message.Contains("a.yaml").And.Message.Contains("b.yaml"));
    }

    [TestCase("")]
    [TestCase("# nothing\n")]
    [TestCase("docker:\n")]
    public void An_empty_file_says_nothing(string text)
    {
        _scratch.Write("registries.d/a.yaml", text);
        Assert.That(Read().UsesAttachments(Name("a.example/x:1")), Is.False);
    }

    private SignaturePlaces Read() => SignaturePlaces.Read(_scratch.Places);

    private static ImageReference Name(string text) => ImageReference.Parse(text);
}
