using Podsharp.Core.Registries;

namespace Podsharp.Core.Tests.Registries;

public sealed class GivenCredentialsTests
{
    private static readonly RegistryCredentials Anna = new() { Username = "anna", Password = "secret-of-anna" };
    private static readonly RegistryCredentials Ben = new() { Username = "ben", IdentityToken = "secret-of-ben", RegistryToken = "secret-too" };

    [Test]
    public void Those_for_the_target_do_not_go_to_a_mirror()
    {
        var given = new GivenCredentials { ForTarget = Anna };
        Assert.That(given.For(new RegistryEndpoint("quay.io", "a")), Is.EqualTo(Anna));
        Assert.That(given.For(new RegistryEndpoint("mirror.local", "a") { IsMirror = true }), Is.Null);
    }

    [Test]
    public void The_longest_key_of_a_map_wins()
    {
        var given = new GivenCredentials { ByRegistry = new Dictionary<string, RegistryCredentials> { ["quay.io"] = Anna, ["quay.io/team"] = Ben } };
        Assert.That(given.For(new RegistryEndpoint("quay.io", "team/x")), Is.EqualTo(Ben));
        Assert.That(given.For(new RegistryEndpoint("quay.io", "teams/x")), Is.EqualTo(Anna));
        Assert.That(given.For(new RegistryEndpoint("quay.com", "team/x")), Is.Null);
    }

    [Test]
    public void The_hub_is_known_by_its_old_address()
    {
        var given = new GivenCredentials { ByRegistry = new Dictionary<string, RegistryCredentials> { ["https://index.docker.io/v1/"] = Anna } };
        Assert.That(given.For(new RegistryEndpoint("docker.io", "library/busybox")), Is.EqualTo(Anna));
    }

    [Test]
    public void Text_forms_show_no_secret()
    {
        Assert.That($"{Anna} {Ben}", Does.Not.Contain("secret").And.Contain("anna").And.Contain("ben"));
        Assert.That(new GivenCredentials { ForTarget = Anna }.ToString(), Does.Not.Contain("secret"));
    }
}
