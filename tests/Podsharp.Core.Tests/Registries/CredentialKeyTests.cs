using Podsharp.Core.Registries;

namespace Podsharp.Core.Tests.Registries;

public sealed class CredentialKeyTests
{
    [TestCase("https://index.docker.io/v1/", "docker.io")]
    [TestCase("index.docker.io", "docker.io")]
    [TestCase("registry-1.docker.io", "docker.io")]
    [TestCase("http://localhost:5000/", "localhost:5000")]
    [TestCase("quay.io/team/", "quay.io/team")]
    [TestCase("quay.io/v2/", "quay.io")]
    public void One_spelling_for_each_key(string key, string expected) => Assert.That(CredentialKey.Normalise(key), Is.EqualTo(expected));

    [Test]
    public void Keys_of_an_endpoint_go_from_the_repository_to_the_host() =>
        Assert.That(CredentialKey.ForEndpoint(new RegistryEndpoint("quay.io:443", "a/b")), Is.EqualTo(["quay.io:443/a/b", "quay.io:443/a", "quay.io:443"]));

    [Test]
    public void The_registry_itself_has_its_host_as_only_key() =>
        Assert.That(CredentialKey.ForEndpoint(new RegistryEndpoint("quay.io", "")), Is.EqualTo(["quay.io"]));
}
