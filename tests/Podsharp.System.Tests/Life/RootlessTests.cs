namespace Podsharp.System.Tests.Life;

/// <summary>The service of an ordinary user: whatever the machine's control groups are, containers run.</summary>
public sealed class RootlessTests : ServiceTest
{
    private static readonly ServiceSetup Rootless = new() { Rootless = true };

    [Test]
    public async Task Hello_greets()
    {
        var service = await StartAsync(Rootless);

        Assert.That(await service.Docker.OutputAsync("run", "--rm", "--network", "host", "hello"), Does.StartWith("Hello from Podsharp!"));
        Assert.That(await service.Docker.OutputAsync("info", "-f", "{{.SecurityOptions}}"), Does.Contain("name=rootless"));
    }

    [Test]
    public async Task Containers_run_as_the_user_and_his_subordinate_ids()
    {
        var service = await StartWithImageAsync(Rootless);

        var map = await service.Docker.OutputAsync("run", "--rm", "--network", "host", Image, "sh", "-c", "cat /proc/self/uid_map; touch /new; stat -c %u /new");

        Assert.That(map.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries), Is.EqualTo((string[])["0", "4711", "1", "1", "300000", "65536", "0"]));
    }

    [Test]
    public async Task A_device_of_the_host_is_bound()
    {
        var service = await StartWithImageAsync(Rootless);

        var read = await service.Docker.OutputAsync("run", "--rm", "--network", "host", "--device", "/dev/zero:/dev/mine", Image, "sh", "-c", "head -c 3 /dev/mine | wc -c");

        Assert.That(read, Is.EqualTo("3"));
    }

    [Test]
    public async Task A_published_port_of_the_default_network_answers()
    {
        var service = await StartWithImageAsync(Rootless);
        await service.Docker.OutputAsync("run", "-d", "--name", "web", "-p", "127.0.0.1::80", Image, "httpd", "-f", "-h", "/www");
        var address = await service.Docker.OutputAsync("port", "web", "80");

        var page = await Eventually.SettleAsync(
            async () => (await new Command("curl", "-s", $"http://{address}/").RunAsync()).Output, found => found.Length > 0);

        Assert.That(page, Is.Not.Empty);
        await service.Docker.OutputAsync("rm", "-f", "web");
        Assert.That((await new Command("curl", "-s", $"http://{address}/").RunAsync()).ExitCode, Is.Not.Zero, "nobody listens on the port any more");
        await AssertNothingIsLeftAsync(service);
    }

    [Test]
    public async Task The_next_service_joins_the_same_namespaces_and_finds_its_containers_running()
    {
        var service = await StartWithImageAsync(Rootless);
        await service.Docker.OutputAsync("run", "-d", "--name", "stays", "--network", "host", Image, "sleep", "1000");
        var before = Namespaces(service);

        await service.KillAsync();
        await service.StartAgainAsync();

        Assert.That(Namespaces(service), Is.EqualTo(before));
        Assert.That(await service.Docker.OutputAsync("exec", "stays", "echo", "still here"), Is.EqualTo("still here"));
    }

    [Test]
    public async Task Limits_that_cannot_be_kept_are_refused_by_name()
    {
        if (File.Exists("/sys/fs/cgroup/cgroup.controllers")) Assert.Ignore("a systemd user session may keep them here");
        var service = await StartWithImageAsync(Rootless);

        var result = await service.Docker.RunAsync("run", "--rm", "--network", "host", "--memory", "64m", Image, "true");

        Assert.That(result.ExitCode, Is.EqualTo(125));
        Assert.That(result.Error, Does.Contain("memory cannot be limited"));
    }

    private static string[] Namespaces(PodsharpService service) =>
        [.. new[] { "user", "mnt" }.Select(kind => new FileInfo($"/proc/{service.Pid}/ns/{kind}").LinkTarget!)];
}
