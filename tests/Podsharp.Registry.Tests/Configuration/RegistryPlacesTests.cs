using Podsharp.Registry.Configuration;

namespace Podsharp.Registry.Tests.Configuration;

public sealed class RegistryPlacesTests
{
    [Test]
    public void Named_files_stand_alone()
    {
        var places = From(1000, ("CONTAINERS_REGISTRIES_CONF", "/a.conf"), ("REGISTRY_AUTH_FILE", "/auth.json"));
        Assert.That(places.RegistriesConf, Is.EqualTo(["/a.conf"]));
        Assert.That(places.AuthFiles, Is.EqualTo(["/auth.json"]));
    }

    [Test]
    public void A_users_own_files_come_before_the_machines()
    {
        var places = From(1000, ("HOME", "/home/u"), ("XDG_RUNTIME_DIR", "/run/user/1000"));
        Assert.That(places.RegistriesConf.Take(2), Is.EqualTo(["/home/u/.config/containers/registries.conf", "/etc/containers/registries.conf"]));
        Assert.That(places.AuthFiles, Is.EqualTo(["/run/user/1000/containers/auth.json", "/home/u/.config/containers/auth.json", "/home/u/.docker/config.json"]));
        Assert.That(places.Policies, Is.EqualTo(["/home/u/.config/containers/policy.json", "/etc/containers/policy.json", "/usr/share/containers/policy.json"]));
        Assert.That(places.CertificateDirectories, Is.EqualTo(["/home/u/.config/containers/certs.d", "/etc/containers/certs.d", "/etc/docker/certs.d"]));
    }

    [Test]
    public void Root_without_a_runtime_directory_has_one_of_its_own() =>
        Assert.That(From(0, ("HOME", "/root")).AuthFiles[0], Is.EqualTo("/run/containers/0/auth.json"));

    private static RegistryPlaces From(uint user, params (string Name, string Value)[] variables) =>
        RegistryPlaces.From(name => variables.FirstOrDefault(variable => variable.Name == name).Value, user);
}
