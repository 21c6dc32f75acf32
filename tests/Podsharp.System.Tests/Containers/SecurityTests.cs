namespace Podsharp.System.Tests.Containers;

public sealed class SecurityTests : EngineTest
{
    [Test]
    public async Task Only_the_default_capabilities_are_there()
    {
        var effective = Convert.ToUInt64(await SayAsync("awk '/CapEff/ {print $2}' /proc/self/status"), 16);

        Assert.That(effective & Bit(21), Is.Zero, "CAP_SYS_ADMIN");
        Assert.That(effective & Bit(12), Is.Zero, "CAP_NET_ADMIN");
        Assert.That(effective & Bit(0), Is.Not.Zero, "CAP_CHOWN");
    }

    [Test]
    public async Task Whoever_it_runs_as_a_container_may_listen_at_a_low_port() =>
        Assert.That(await SayAsync("timeout 1 nc -l -p 80; echo $?", "-u", "app"), Is.EqualTo("143"), "ended by the time limit, not by a refusal");

    [Test]
    public async Task Capabilities_can_be_added_and_dropped()
    {
        var effective = Convert.ToUInt64(await SayAsync("awk '/CapEff/ {print $2}' /proc/self/status", "--cap-add", "NET_ADMIN", "--cap-drop", "CHOWN"), 16);

        Assert.That(effective & Bit(12), Is.Not.Zero, "CAP_NET_ADMIN");
        Assert.That(effective & Bit(0), Is.Zero, "CAP_CHOWN");
    }

    [Test]
    public async Task All_capabilities_can_be_dropped()
    {
        Assert.That(await SayAsync("awk '/CapEff|CapPrm|CapBnd/ {print $2}' /proc/self/status | sort -u", "--cap-drop", "ALL"), Is.EqualTo("0000000000000000"));
    }

    [Test]
    public async Task An_unknown_capability_is_refused()
    {
        var result = await Docker.RunAsync("run", "--rm", "--cap-add", "FLYING", Image, "true");

        Assert.That(result.ExitCode, Is.EqualTo(125));
        Assert.That(result.Error, Does.Contain("FLYING"));
    }

    [Test]
    public async Task An_ordinary_user_has_no_effective_capabilities()
    {
        Assert.That(await SayAsync("awk '/CapEff/ {print $2}' /proc/self/status", "-u", "app"), Is.EqualTo("0000000000000000"));
    }

    [Test]
    public async Task System_calls_are_filtered()
    {
        Assert.That(await SayAsync("awk '/^Seccomp:/ {print $2}' /proc/self/status"), Is.EqualTo("2"));
    }

    [Test]
    public async Task The_filter_denies_what_no_container_needs()
    {
        const string Swap = "swapon /etc/notes 2>&1 || true";

        Assert.That(await SayAsync(Swap, "--cap-add", "SYS_ADMIN"), Does.Contain("not permitted").Or.Contain("not implemented"));
        Assert.That(await SayAsync(Swap, "--cap-add", "SYS_ADMIN", "--security-opt", "seccomp=unconfined"), Does.Contain("Invalid argument"));
    }

    [Test]
    public async Task The_filter_can_be_turned_off()
    {
        Assert.That(await SayAsync("awk '/^Seccomp:/ {print $2}' /proc/self/status", "--security-opt", "seccomp=unconfined"), Is.EqualTo("0"));
    }

    [Test]
    public async Task New_privileges_can_be_forbidden()
    {
        Assert.That(await SayAsync("awk '/^NoNewPrivs/ {print $2}' /proc/self/status", "--security-opt", "no-new-privileges"), Is.EqualTo("1"));
    }

    [Test]
    public async Task Kernel_secrets_are_masked()
    {
        Assert.That(await SayAsync("head -c 1 /proc/kcore | wc -c; ls /proc/acpi /sys/firmware 2>/dev/null | grep -v : | wc -w; wc -c < /proc/timer_list"), Does.StartWith("0\n0\n0"));
    }

    [Test]
    public async Task Kernel_settings_are_read_only()
    {
        Assert.That(await SayAsync("echo 1 > /proc/sys/kernel/core_uses_pid || echo refused; touch /proc/irq/x || echo refused; mount | grep -c '/sys sysfs ro'; exit 0"), Does.Contain("refused"));
        Assert.That(await SayAsync("grep ' /sys ' /proc/mounts"), Does.Contain("ro,"));
    }

    [Test]
    public async Task Privileged_has_it_all()
    {
        var output = await SayAsync(
            "awk '/CapEff/ {print $2}' /proc/self/status; awk '/^Seccomp:/ {print $2}' /proc/self/status; ls /dev | wc -l; mount -t tmpfs none /tmp && echo mounted; grep ' /sys ' /proc/mounts | cut -d' ' -f4 | cut -c1-2",
            "--privileged");

        var lines = output.Split('\n');
        Assert.That(Convert.ToUInt64(lines[0], 16) & Bit(21), Is.Not.Zero, "CAP_SYS_ADMIN");
        Assert.That(lines[1], Is.EqualTo("0"));
        Assert.That(int.Parse(lines[2]), Is.GreaterThan(20), "devices of the host");
        Assert.That(lines[3], Is.EqualTo("mounted"));
        Assert.That(lines[4], Is.EqualTo("rw"));
    }

    [Test]
    public async Task Exec_privileged_has_it_all()
    {
        var container = await RunIdleAsync();

        var effective = Convert.ToUInt64(await Docker.OutputAsync("exec", "--privileged", container, "awk", "/CapEff/ {print $2}", "/proc/self/status"), 16);

        Assert.That(effective & Bit(21), Is.Not.Zero, "CAP_SYS_ADMIN");
    }

    [Test]
    public async Task Processes_of_the_host_are_out_of_sight()
    {
        Assert.That(await SayAsync("echo $$; ls -d /proc/[0-9]* | wc -l"), Does.Match("^1\n[1-4]$"));
    }

    [Test]
    public async Task The_hosts_processes_can_be_shared()
    {
        Assert.That(await SayAsync($"tr '\\0' ' ' < /proc/{Environment.ProcessId}/cmdline", "--pid", "host"), Does.Contain("dotnet").Or.Contain("testhost"));
    }

    private static ulong Bit(int capability) => 1UL << capability;
}
