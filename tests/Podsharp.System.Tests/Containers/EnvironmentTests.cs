namespace Podsharp.System.Tests.Containers;

public sealed class EnvironmentTests : EngineTest
{
    [Test]
    public async Task Variables_come_from_the_image_and_the_request()
    {
        var output = await SayAsync("echo $FROM_IMAGE $MINE $PATH; echo $HOME $HOSTNAME", "-e", "MINE=set", "-h", "box");

        Assert.That(output, Is.EqualTo("yes set /bin:/sbin:/usr/bin:/usr/sbin\n/root box"));
    }

    [Test]
    public async Task Home_is_the_users()
    {
        Assert.That(await SayAsync("echo $HOME", "-u", "app"), Is.EqualTo("/home/app"));
    }

    [Test]
    public async Task The_request_wins_over_the_image()
    {
        Assert.That(await SayAsync("echo $FROM_IMAGE", "-e", "FROM_IMAGE=no"), Is.EqualTo("no"));
    }

    [Test]
    public async Task Terminals_have_TERM_set()
    {
        Assert.That((await Docker.OutputAsync("run", "--rm", "-t", Image, "sh", "-c", "echo $TERM")).Trim(), Is.EqualTo("xterm"));
    }

    // Testcontainers looks for it, to find the ports that it has published; nobody has changed anything by it.
    [Test]
    public async Task Programs_can_tell_that_they_are_in_a_container()
    {
        var container = await RunIdleAsync();

        Assert.That(await Docker.OutputAsync("exec", container, "ls", "/.dockerenv"), Is.EqualTo("/.dockerenv"));
        Assert.That(await Docker.OutputAsync("exec", container, "readlink", "/etc/mtab"), Is.EqualTo("/proc/mounts"), "Java asks it what is mounted");
        Assert.That(await Docker.LinesAsync("diff", container), Is.Empty);
    }

    [Test]
    public async Task Exec_adds_its_own_variables()
    {
        var container = await RunIdleAsync("-e", "OUTER=1");

        Assert.That(await Docker.OutputAsync("exec", "-e", "INNER=2", container, "sh", "-c", "echo $OUTER $INNER"), Is.EqualTo("1 2"));
    }

    [Test]
    public async Task The_working_directory_is_made_when_missing()
    {
        Assert.That(await SayAsync("pwd", "-w", "/a/new/place"), Is.EqualTo("/a/new/place"));
    }

    [Test]
    public async Task The_working_directory_never_leads_outside_the_container()
    {
        var outside = $"/tmp/podsharp-escape-{Guid.NewGuid():N}";
        var name = NewName();
        await Docker.OutputAsync("create", "--name", name, "-w", $"/../../../../../../../..{outside}", Image, "pwd");

        await Docker.RunAsync("start", "-a", name);

        Assert.That(Directory.Exists(outside), Is.False);
    }

    [Test]
    public async Task Hostname_and_domain_are_set()
    {
        Assert.That(await SayAsync("hostname; cat /etc/hostname; cat /proc/sys/kernel/domainname", "-h", "box", "--domainname", "example.test"), Does.StartWith("box\nbox").And.EndWith("example.test"));
    }

    [Test]
    public async Task Hostname_is_the_beginning_of_the_id_otherwise()
    {
        var container = await RunIdleAsync();

        var hostname = await Docker.OutputAsync("exec", container, "hostname");

        Assert.That(await Docker.InspectAsync(container, "{{.Id}}"), Does.StartWith(hostname).And.Not.EqualTo(hostname));
        Assert.That(hostname, Has.Length.EqualTo(12));
    }

    [Test]
    public async Task Hosts_names_the_container_and_what_was_added()
    {
        var container = await RunIdleAsync("-h", "box", "--add-host", "db:10.1.2.3");
        var address = await Docker.InspectAsync(container, "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}");

        var hosts = (await Docker.OutputAsync("exec", container, "cat", "/etc/hosts")).Replace('\t', ' ').Split('\n');

        Assert.That(hosts, Has.Some.Match("^127.0.0.1 +localhost"));
        Assert.That(hosts, Has.Some.Match("^10.1.2.3 +db$"));
        Assert.That(hosts, Has.Some.Match($"^{address} .*box"));
    }

    [Test]
    public async Task Resolver_settings_of_the_request_are_written()
    {
        var output = await Docker.OutputAsync("run", "--rm", "--dns", "10.9.8.7", "--dns-search", "example.test", "--dns-option", "ndots:3", Image, "cat", "/etc/resolv.conf");

        Assert.That(output.Split('\n'), Is.SupersetOf(new[] { "nameserver 10.9.8.7", "search example.test", "options ndots:3" }));
    }

    [Test]
    public async Task The_init_program_is_the_hosts_that_no_container_changes_and_stands_beside_a_tmpfs_on_run()
    {
        var result = await Docker.RunAsync(
            "run", "--rm", "--init", "--network", "none", "--tmpfs", "/run", Image, "sh", "-c", "tr '\\0' ' ' </proc/1/cmdline; chmod 4777 /sbin/docker-init");

        Assert.That(result.Output, Does.StartWith("/sbin/docker-init -- sh"));
        Assert.That(result.Error, Does.Contain("Read-only file system"));
    }

    [Test]
    public async Task A_volume_on_etc_has_the_containers_hosts_upon_it() =>
        Assert.That(await Docker.OutputAsync("run", "--rm", "--hostname", "inside", "-v", "/etc", Image, "cat", "/etc/hosts", "/etc/hostname"), Does.Contain("\tinside").And.EndsWith("\ninside"));

    [Test]
    public async Task Init_reaps_the_orphans()
    {
        var container = await RunDetachedAsync("--init", Image, "sleep", "1000");

        await Docker.OutputAsync("exec", container, "sh", "-c", "(sleep 0.1 &) ; true");

        var processes = await Eventually.SettleAsync(() => Docker.OutputAsync("exec", container, "ps", "-o", "pid,args"), text => !text.Contains("sleep 0.1") && !text.Contains("[sleep]"));
        Assert.That(processes, Does.Match(@"\n +1 \S*init").Or.Match(@"\n +1 \S*catatonit"));
        Assert.That(processes, Does.Contain("sleep 1000").And.Not.Contain("[sleep]"));
    }

    [Test]
    public async Task Limits_are_set_and_visible()
    {
        Assert.That(await SayAsync("ulimit -Sn; ulimit -Hn; ulimit -c", "--ulimit", "nofile=512:1024", "--ulimit", "core=0"), Is.EqualTo("512\n1024\n0"));
    }

    [Test]
    public async Task Sysctls_are_set()
    {
        Assert.That(await SayAsync("cat /proc/sys/kernel/msgmax", "--sysctl", "kernel.msgmax=12345"), Is.EqualTo("12345"));
    }

    [Test]
    public async Task Shared_memory_has_the_asked_for_size()
    {
        Assert.That(await SayAsync("df -k /dev/shm | tail -1 | awk '{print $2}'", "--shm-size", "12m"), Is.EqualTo("12288"));
    }

    [Test]
    public async Task Devices_can_be_added()
    {
        Assert.That(await SayAsync("dd if=/dev/mine bs=1 count=3 2>/dev/null | wc -c", "--device", "/dev/zero:/dev/mine:r"), Is.EqualTo("3"));
    }

    [Test]
    public async Task Labels_of_image_and_request_are_joined()
    {
        var container = await RunIdleAsync("--label", "mine=1");

        Assert.That(await Docker.InspectAsync(container, "{{index .Config.Labels \"mine\"}} {{index .Config.Labels \"podsharp.test\"}}"), Is.EqualTo("1 image"));
    }
}
