using System.Net;
using Podsharp.System.Tests.Life;

namespace Podsharp.System.Tests.Images;

/// <summary>Pushes and pulls by a proxy, the names of the registries being such that only the proxy knows a way to them.</summary>
[CancelAfter(180_000)]
public sealed class ProxyTests : ServiceTest
{
    private string _directory = "";

    [SetUp]
    public void MakeDirectory()
    {
        if (!DockerRegistry.IsInstalled || !File.Exists("/usr/bin/openssl")) Assert.Ignore("docker-registry or openssl is not installed");
        _directory = Directory.CreateTempSubdirectory("ps-proxy-").FullName;
    }

    [TearDown]
    public void RemoveDirectory()
    {
        if (_directory.Length > 0) Directory.Delete(_directory, recursive: true);
        _directory = "";
    }

    [Test]
    public async Task A_push_goes_through_the_proxy_of_plain_HTTP()
    {
        await File.WriteAllTextAsync($"{_directory}/registries.conf", "[[registry]]\nlocation = \"upstream.example:80\"\ninsecure = true\n");
        var port = RegistryFront.FreePort();
        // An insecure registry is asked for TLS first, by the other proxy: nobody listens there.
        var service = await StartAsync($"HTTP_PROXY=http://localhost:{port}", $"HTTPS_PROXY=http://localhost:{RegistryFront.FreePort()}");
        await using var registry = await DockerRegistry.StartAsync(service, port: RegistryFront.FreePort());
        await using var proxy = RegistryFront.StartAt(port, registry.Host, _ => Task.FromResult(false));

        await PushAndPullAsync(service, "upstream.example:80/x:1");

        Assert.That(proxy.Calls.Select(call => call.Call.Split(' ')[0]), Is.SupersetOf(new[] { "HEAD", "POST", "PUT", "GET" }));
        Assert.That(await registry.GetAsync("/v2/x/tags/list"), Does.Contain("\"1\""));
    }

    [Test]
    public async Task A_push_goes_through_the_proxys_tunnel_to_a_registry_with_TLS()
    {
        const string Name = "sealed.example";
        var tls = await RegistryTls.MakeAsync(_directory, "127.0.0.1", Name);
        var port = RegistryFront.FreePort();
        await using var proxy = new TunnelProxy(new IPEndPoint(IPAddress.Loopback, port));
        var service = await StartAsync($"HTTPS_PROXY=http://localhost:{proxy.Port}");
        await using var registry = await DockerRegistry.StartAsync(service, tls: tls, port: port);
        var trusted = Directory.CreateDirectory(Path.Join(_directory, "containers", "certs.d", Name)).FullName;
        File.Copy(tls.Authority, Path.Join(trusted, "ca.crt"));

        await PushAndPullAsync(service, $"{Name}/x:1");

        Assert.That(proxy.Asked, Is.Not.Empty.And.All.StartsWith($"CONNECT {Name}:443 "));
        Assert.That(await registry.GetAsync("/v2/x/tags/list"), Does.Contain("\"1\""));
    }

    // In the machine's network, where the proxies are.
    private Task<PodsharpService> StartAsync(params string[] environment) => StartWithImageAsync(new ServiceSetup
    {
        OwnNetwork = false,
        Environment = [$"XDG_CONFIG_HOME={_directory}", $"CONTAINERS_REGISTRIES_CONF={_directory}/registries.conf", "NO_PROXY=", "no_proxy=", .. environment],
    });

    private static async Task PushAndPullAsync(PodsharpService service, string name)
    {
        await service.Docker.OutputAsync("tag", Image, name);
        await service.Docker.OutputAsync("push", name);
        await service.Docker.OutputAsync("rmi", "-f", name, Image);
        await service.Docker.OutputAsync("pull", name);
        Assert.That(await service.Docker.OutputAsync("run", "--rm", "--network", "none", name, "echo", "through"), Is.EqualTo("through"));
    }
}
