using Podsharp.Core.Errors;
using Podsharp.Registry.Configuration;

namespace Podsharp.Registry.Tests.Configuration;

public sealed class ShortNameTests
{
    private Scratch _scratch = null!;

    [SetUp]
    public void SetUp() => _scratch = new Scratch();

    [TearDown]
    public void TearDown() => _scratch.Dispose();

    [TestCase("quay.io/x:1")]
    [TestCase("localhost/x")]
    [TestCase("host:5000/x")]
    [TestCase("docker.io/library/busybox")]
    public void A_name_with_a_registry_means_itself(string name) => Assert.That(Candidates(name), Is.EqualTo([name]));

    [Test]
    public void An_alias_wins_over_search_registries_and_keeps_tag_and_digest()
    {
        Configure("one.local", "two.local", "enforcing");
        _scratch.Write("registries.conf.d/aliases.conf", """
            [aliases]
            "fedora" = "registry.fedoraproject.org/fedora"
            "team/app" = "quay.io/team/app"
            """);
        var digest = "sha256:" + new string('b', 64);
        Assert.That(Candidates("fedora:40"), Is.EqualTo(["registry.fedoraproject.org/fedora:40"]));
        Assert.That(Candidates("team/app@" + digest), Is.EqualTo(["quay.io/team/app@" + digest]));
        Assert.That(Candidates("fedora:40@" + digest), Is.EqualTo(["registry.fedoraproject.org/fedora:40@" + digest]));
    }

    [Test]
    public void A_later_file_may_take_an_alias_away()
    {
        _scratch.Write("registries.conf.d/1.conf", "unqualified-search-registries = ['one.local']\n[aliases]\nx = 'quay.io/x'");
        _scratch.Write("registries.conf.d/2.conf", "[aliases]\nx = ''");
        Assert.That(Candidates("x"), Is.EqualTo(["one.local/x"]));
    }

    [Test]
    public void What_the_user_once_chose_counts_unless_configured_otherwise()
    {
        _scratch.Write("short-name-aliases.conf", "[aliases]\nx = 'chosen.local/x'\ny = 'chosen.local/y'");
        _scratch.Write("registries.conf", "[aliases]\ny = 'configured.local/y'");
        Assert.That(Candidates("x"), Is.EqualTo(["chosen.local/x"]));
        Assert.That(Candidates("y"), Is.EqualTo(["configured.local/y"]));
    }

    [TestCase("permissive")]
    [TestCase("disabled")]
    public void All_search_registries_are_candidates_where_guessing_is_allowed(string mode)
    {
        Configure("docker.io", "two.local", mode);
        Assert.That(Candidates("x:1"), Is.EqualTo(["docker.io/library/x:1", "two.local/x:1"]));
    }

    [Test]
    public void Enforcing_refuses_an_ambiguous_name_and_tells_what_it_may_mean()
    {
        Configure("one.local", "two.local", "enforcing");
        Assert.That(() => Candidates("x:1"), Throws.TypeOf<EngineException>().With.Message.StartsWith("short-name resolution enforced but cannot prompt without a TTY")
            .And.Message.Contains("one.local/x or two.local/x").And.Property("Kind").EqualTo(ErrorKind.InvalidInput));
    }

    [Test]
    public void Enforcing_takes_the_only_search_registry()
    {
        _scratch.Write("registries.conf", "short-name-mode = 'enforcing'\nunqualified-search-registries = ['one.local']");
        Assert.That(Candidates("x"), Is.EqualTo(["one.local/x"]));
    }

    [Test]
    public void A_short_name_that_means_nothing_is_refused() =>
        Assert.That(() => Candidates("x:1"), Throws.TypeOf<EngineException>().With.Message.StartsWith("short-name \"x\" did not resolve to an alias and no unqualified-search registries are defined in"));

    [Test]
    public void The_distributions_own_files_can_be_read() =>
        Assert.That(() => new RegistryDirectory(RegistryPlaces.From(_ => null, 0)).Configured, Throws.Nothing);

    private void Configure(string first, string second, string mode) => _scratch.Write("registries.conf", $"""
        unqualified-search-registries = ["{first}", "{second}"]
        short-name-mode = "{mode}"
        """);

    private IEnumerable<string> Candidates(string name) => new RegistryDirectory(_scratch.Places).CandidatesFor(name).Select(candidate => candidate.ToString());
}
