using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Registry.Configuration;

namespace Podsharp.Registry.Tests.Configuration;

public sealed class RegistryDirectoryTests
{
    private static readonly string Digest = "sha256:" + new string('a', 64);
    private Scratch _scratch = null!;

    [SetUp]
    public void SetUp() => _scratch = new Scratch();

    [TearDown]
    public void TearDown() => _scratch.Dispose();

    [Test]
    public void Without_configuration_a_name_is_asked_for_where_it_says() =>
        Assert.That(Pull("quay.io/a/b:1"), Is.EqualTo([new RegistryEndpoint("quay.io", "a/b")]));

    [Test]
    public void The_longest_prefix_counts()
    {
        Configure("""
            [[registry]]
            prefix = "quay.io"
            location = "one.local"
            [[registry]]
            prefix = "quay.io/team"
            location = "two.local/theirs"
            """);
        Assert.That(Pull("quay.io/team/x"), Is.EqualTo([new RegistryEndpoint("two.local", "theirs/x")]));
        Assert.That(Pull("quay.io/teams/x"), Is.EqualTo([new RegistryEndpoint("one.local", "teams/x")]));
        Assert.That(Pull("quay.io:5000/team/x"), Is.EqualTo([new RegistryEndpoint("quay.io:5000", "team/x")]));
    }

    [Test]
    public void A_wildcard_stands_for_all_hosts_below()
    {
        Configure("""
            [[registry]]
            prefix = "*.example.com"
            insecure = true
            """);
        Assert.That(Pull("a.b.example.com/x").Single(), Is.EqualTo(new RegistryEndpoint("a.b.example.com", "x") { Insecure = true }));
        Assert.That(Pull("example.com/x").Single().Insecure, Is.False);
        Assert.That(Pull("aexample.com/x").Single().Insecure, Is.False);
        Assert.That(Pull("quay.io/x.example.com/x").Single().Insecure, Is.False);
    }

    [Test]
    public void Mirrors_come_first_in_their_order()
    {
        Configure("""
            [[registry]]
            location = "docker.io"
            [[registry.mirror]]
            location = "one.local/hub"
            insecure = true
            [[registry.mirror]]
            location = "two.local:5000"
            """);
        Assert.That(Pull("busybox"), Is.EqualTo(
        [
            new RegistryEndpoint("one.local", "hub/library/busybox") { Insecure = true, IsMirror = true },
            new RegistryEndpoint("two.local:5000", "library/busybox") { IsMirror = true },
            new RegistryEndpoint("docker.io", "library/busybox"),
        ]));
    }

    [TestCase("digest-only", true, false)]
    [TestCase("tag-only", false, true)]
    [TestCase("all", true, true)]
    public void A_mirror_may_be_for_digests_or_tags_only(string use, bool digests, bool tags)
    {
        Configure($"""
            [[registry]]
            location = "quay.io"
            [[registry.mirror]]
            location = "mirror.local"
            pull-from-mirror = "{use}"
            """);
        Assert.That(Pull("quay.io/x@" + Digest).Any(endpoint => endpoint.IsMirror), Is.EqualTo(digests));
        Assert.That(Pull("quay.io/x:1").Any(endpoint => endpoint.IsMirror), Is.EqualTo(tags));
    }

    [Test]
    public void Mirror_by_digest_only_is_for_all_mirrors_of_the_registry()
    {
        Configure("""
            [[registry]]
            location = "quay.io"
            mirror-by-digest-only = true
            [[registry.mirror]]
            location = "mirror.local"
            """);
        Assert.That(Pull("quay.io/x:1"), Has.Count.EqualTo(1));
        Assert.That(Pull("quay.io/x@" + Digest), Has.Count.EqualTo(2));
    }

    [Test]
    public void Pushes_go_to_no_mirror()
    {
        Configure("""
            [[registry]]
            prefix = "quay.io"
            location = "real.local"
            [[registry.mirror]]
            location = "mirror.local"
            """);
        Assert.That(Subject.EndpointForPush(ImageReference.Parse("quay.io/x"), EndpointRules.AsConfigured), Is.EqualTo(new RegistryEndpoint("real.local", "x")));
    }

    [Test]
    public void A_blocked_registry_is_forbidden_for_pull_and_push()
    {
        Configure("""
            [[registry]]
            prefix = "quay.io/evil"
            blocked = true
            """);
        var name = ImageReference.Parse("quay.io/evil/x");
        Assert.That(() => Pull("quay.io/evil/x"), Fails(ErrorKind.Forbidden, "quay.io/evil is blocked"));
        Assert.That(() => Subject.EndpointForPush(name, EndpointRules.AsConfigured), Fails(ErrorKind.Forbidden, "quay.io/evil is blocked"));
        Assert.That(Pull("quay.io/good/x"), Has.Count.EqualTo(1));
    }

    [TestCase("localhost:5000/x", true)]
    [TestCase("127.1.2.3/x", true)]
    [TestCase("[::1]:5000/x", true)]
    [TestCase("192.168.1.1/x", false)]
    [TestCase("quay.io/x", false)]
    public void Loopback_is_insecure_where_the_request_says_so(string name, bool insecure)
    {
        Assert.That(Pull(name, new EndpointRules { LoopbackIsInsecure = true }).Single().Insecure, Is.EqualTo(insecure));
        Assert.That(Pull(name).Single().Insecure, Is.False);
    }

    [Test]
    public void A_request_may_overrule_the_verification_of_certificates()
    {
        Configure("""
            [[registry]]
            location = "insecure.local"
            insecure = true
            """);
        Assert.That(Pull("insecure.local/x", new EndpointRules { VerifyTls = true }).Single().Insecure, Is.False);
        Assert.That(Pull("quay.io/x", new EndpointRules { VerifyTls = false }).Single().Insecure, Is.True);
    }

    [Test]
    public void A_later_file_replaces_registries_of_the_same_prefix()
    {
        Configure("""
            unqualified-search-registries = ["one.local"]
            [[registry]]
            location = "quay.io"
            insecure = true
            """);
        _scratch.Write("registries.conf.d/20.conf", """
            unqualified-search-registries = ["three.local"]
            """);
        _scratch.Write("registries.conf.d/10.conf", """
            unqualified-search-registries = ["two.local"]
            [[registry]]
            location = "quay.io"
            """);
        Assert.That(Pull("quay.io/x").Single().Insecure, Is.False);
        Assert.That(Subject.SearchRegistries, Is.EqualTo(["three.local"]));
    }

    [TestCase("[registries.search]\nregistries = ['a']", "version 1")]
    [TestCase("unqualified-search-registries = 'a'", "unqualified-search-registries: want a list of strings")]
    [TestCase("short-name-mode = 'maybe'", "short-name-mode: want permissive, enforcing or disabled")]
    [TestCase("[[registry]]\ninsecure = true", "neither prefix nor location")]
    [TestCase("[[registry]]\nlocation = 'https://a'", "without a scheme")]
    [TestCase("[[registry]]\nlocation = 'a'\ninsecure = 'yes'", "insecure: want true or false")]
    [TestCase("[[registry]]\nlocation = 'a'\nmirror-by-digest-only = true\n[[registry.mirror]]\nlocation = 'b'\npull-from-mirror = 'all'", "cannot be set beside")]
    [TestCase("[[registry", "cannot be read")]
    public void A_wrong_file_is_named_with_what_is_wrong(string text, string complaint)
    {
        Configure(text);
        Assert.That(() => Pull("quay.io/x"), Fails(ErrorKind.InvalidInput, complaint, "registries.conf"));
    }

    [Test]
    public void A_location_that_makes_no_name_is_refused()
    {
        Configure("""
            [[registry]]
            prefix = "quay.io"
            location = "nodots"
            """);
        Assert.That(() => Pull("quay.io/x"), Fails(ErrorKind.InvalidInput, "nodots/x"));
    }

    private RegistryDirectory Subject => new(_scratch.Places);

    private void Configure(string text) => _scratch.Write("registries.conf", text);

    private IReadOnlyList<RegistryEndpoint> Pull(string name, EndpointRules? rules = null) =>
        Subject.EndpointsForPull(ImageReference.Parse(name), rules ?? EndpointRules.AsConfigured);

    private static NUnit.Framework.Constraints.IResolveConstraint Fails(ErrorKind kind, string part, string other = "") =>
        Throws.TypeOf<EngineException>().With.Message.Contains(part).And.Message.Contains(other).And.Property(nameof(EngineException.Kind)).EqualTo(kind);
}
