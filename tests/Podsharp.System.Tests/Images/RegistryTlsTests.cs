using Podsharp.System.Tests.Life;

namespace Podsharp.System.Tests.Images;

/// <summary>A registry whose certificate only the user vouches for.</summary>
[CancelAfter(120_000)]
public sealed class RegistryTlsTests : ServiceTest
{
    private const string Address = "10.213.0.1";
    private string _directory = "";

    [SetUp]
    public void MakeDirectory()
    {
        if (!DockerRegistry.IsInstalled || !File.Exists("/usr/bin/openssl")) Assert.Ignore("docker-registry or openssl is not installed");
        _directory = Directory.CreateTempSubdirectory("podsharp-tls-").FullName;
    }

    [TearDown]
    public void RemoveDirectory()
    {
        if (_directory.Length > 0) Directory.Delete(_directory, recursive: true);
    }

    [Test]
    public async Task A_certificate_counts_once_its_authority_lies_in_certs_d()
    {
        var service = await StartWithImageAsync(new ServiceSetup { Environment = [$"XDG_CONFIG_HOME={_directory}"] });
        await service.OnHost("ip", "address", "add", $"{Address}/32", "dev", "lo").OutputAsync();
        var tls = await RegistryTls.MakeAsync(_directory, Address);
        await using var registry = await DockerRegistry.StartAsync(service, tls: tls);
        var name = $"{registry.Host}/sealed:1";
        await service.Docker.OutputAsync("tag", Image, name);

        var refused = await service.Docker.RunAsync("push", name);
        var trusted = Directory.CreateDirectory(Path.Join(_directory, "containers", "certs.d", registry.Host)).FullName;
        File.Copy(tls.Authority, Path.Join(trusted, "ca.crt"));
        await service.Docker.OutputAsync("push", name);
        await service.Docker.OutputAsync("rmi", name);
        await service.Docker.OutputAsync("pull", name);

        Assert.That(refused.ExitCode, Is.EqualTo(1));
        Assert.That(refused.Both, Does.Contain("certificate").And.Contain("certs.d"));
        Assert.That(await registry.GetAsync("/v2/_catalog"), Does.Contain("sealed"));
    }

    [Test]
    public async Task A_registry_that_asks_who_comes_is_shown_the_certificate_in_certs_d()
    {
        var service = await StartWithImageAsync(new ServiceSetup { Environment = [$"XDG_CONFIG_HOME={_directory}"] });
        await service.OnHost("ip", "address", "add", $"{Address}/32", "dev", "lo").OutputAsync();
        var tls = await (await RegistryTls.MakeAsync(_directory, Address)).ForClientsAsync();
        await using var registry = await DockerRegistry.StartAsync(service, tls: tls);
        var name = $"{registry.Host}/members:1";
        await service.Docker.OutputAsync("tag", Image, name);
        var directory = Directory.CreateDirectory(Path.Join(_directory, "containers", "certs.d", registry.Host)).FullName;
        File.Copy(tls.Authority, Path.Join(directory, "ca.crt"));

        var nobody = await service.Docker.RunAsync("push", name);
        File.Copy(tls.Client!.Value.Certificate, Path.Join(directory, "client.cert"));
        var keyless = await service.Docker.RunAsync("push", name);
        File.Copy(tls.Client.Value.Key, Path.Join(directory, "client.key"));
        await service.Docker.OutputAsync("push", name);
        await service.Docker.OutputAsync("rmi", name);
        await service.Docker.OutputAsync("pull", name);

        Assert.That((nobody.ExitCode, keyless.ExitCode), Is.EqualTo((1, 1)));
        Assert.That(nobody.Both, Does.Contain("remote error: tls: ").And.Contain($"certs.d/{registry.Host}/client.cert"));
        Assert.That(keyless.Both, Does.Contain($"missing key {directory}/client.key for client certificate {directory}/client.cert"));
        Assert.That(await registry.GetAsync("/v2/_catalog"), Does.Contain("members"));
    }

    [Test]
    public async Task Blobs_that_were_given_up_are_fetched_again_for_another_registry()
    {
        var service = await StartWithImageAsync(new ServiceSetup { Environment = [$"XDG_CONFIG_HOME={_directory}"] });
        await service.OnHost("ip", "address", "add", $"{Address}/32", "dev", "lo").OutputAsync();
        var tls = await RegistryTls.MakeAsync(_directory, Address);
        await using var source = await DockerRegistry.StartAsync(service);
        await using var target = await DockerRegistry.StartAsync(service, tls: tls);
        var trusted = Directory.CreateDirectory(Path.Join(_directory, "containers", "certs.d", target.Host)).FullName;
        File.Copy(tls.Authority, Path.Join(trusted, "ca.crt"));
        var (here, there) = ($"{source.Host}/moved:1", $"{target.Host}/moved:1");
        await service.Docker.OutputAsync("tag", Image, here);
        await service.Docker.OutputAsync("push", here);
        await service.Docker.OutputAsync("create", "--name", "user", "--network", "none", here);
        await service.Docker.OutputAsync("tag", here, there);

        await service.Docker.OutputAsync("image", "prune", "-af");
        var pushed = await service.Docker.OutputAsync("push", there);

        Assert.That(pushed, Does.Contain($"Fetching again from {source.Host}/moved").And.Not.Contain("Compressing"));
        await service.Docker.OutputAsync("rm", "user");
    }
}
