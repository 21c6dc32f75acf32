using Podsharp.Core.Errors;
using Podsharp.Core.Storage;
using Podsharp.Drivers.Host;
using Podsharp.Drivers.OciRuntime;

namespace Podsharp.Drivers.Tests.Host;

[TestFixture]
public sealed class HostTests
{
    [Test]
    public void Facts_name_the_machine_and_its_tools()
    {
        var directory = Directory.CreateTempSubdirectory("podsharp-host-").FullName;
        try
        {
            var options = new DriverOptions { Paths = new StorePaths(directory, directory) };
            var facts = new LinuxHost(options, new ContainerRuntime(options)).Facts;

            Assert.That(facts.Memory, Is.GreaterThan(1 << 20));
            Assert.That(facts.Capabilities, Does.Contain("CAP_CHOWN"));
            Assert.That(facts.Limits.Select(limit => limit.Name), Does.Contain("nofile").And.Contain("nproc"));
            Assert.That(facts.CgroupControllers, Does.Contain("memory"));
            Assert.That(facts.Runtime.Version, Does.Match(@"^\d+\.\d+"));
            Assert.That(facts.Monitor.Version, Does.Match(@"^\d+\.\d+"));

            // Answered from the file now.
            Assert.That(new LinuxHost(options, new ContainerRuntime(options)).Facts.Runtime, Is.EqualTo(facts.Runtime));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [TestCase("crun version 1.8.1\ncommit: f8a0\nrundir: /run\n", "1.8.1", "f8a0")]
    [TestCase("netavark 1.4.0\n", "1.4.0", "")]
    public void A_version_is_the_last_word_of_the_first_line(string output, string version, string commit)
    {
        var tool = ToolVersions.Parse("/usr/bin/tool", output);

        Assert.That((tool.Version, tool.Commit), Is.EqualTo((version, commit)));
    }

    [TestCase("nameserver 127.0.0.53\noptions edns0\n", true)]
    [TestCase("nameserver 127.0.0.1\nnameserver 9.9.9.9\n", false)]
    [TestCase("search lan\n", false)]
    public void A_stub_resolver_is_known_by_its_loopback_address(string text, bool expected) =>
        Assert.That(ResolverFile.HasOnlyLoopback(text), Is.EqualTo(expected));

    [Test]
    public void Devices_have_type_and_numbers()
    {
        var options = new DriverOptions { Paths = new StorePaths("/nonexistent", "/nonexistent") };
        var host = new LinuxHost(options, new ContainerRuntime(options));

        var device = host.Device("/dev/null")!;

        Assert.That((device.Type, device.Major, device.Minor), Is.EqualTo(('c', 1L, 3L)));
        Assert.That(host.Device("/etc/passwd"), Is.Null);
        Assert.That(host.Devices("/dev").Select(node => node.Path), Does.Contain("/dev/null"));
    }

    [Test]
    public void A_process_table_keeps_only_the_rows_asked_for()
    {
        var (titles, rows) = ProcessTable.Parse("UID   PID CMD\nroot    1 /sbin/init splash\nroot   12 sleep  1000\n", [12]);

        Assert.That(titles, Is.EqualTo(new[] { "UID", "PID", "CMD" }));
        Assert.That(rows, Is.EqualTo(new[] { new[] { "root", "12", "sleep 1000" } }));
    }

    [Test]
    public async Task The_process_table_of_the_host_has_our_own_row()
    {
        var (titles, rows) = await ProcessTable.ReadAsync([Environment.ProcessId], "-o pid,comm", CancellationToken.None);

        Assert.That(titles, Is.EqualTo(new[] { "PID", "COMMAND" }));
        Assert.That(rows, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_renamed_pid_column_is_refused()
    {
        var failure = await Assert.ThrowsAsync<EngineException>(() => ProcessTable.ReadAsync([1], "-o user=PID", CancellationToken.None));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.InvalidInput));
    }
}
