using NUnit.Framework;
using Podsharp.Linux.Namespaces;
using Podsharp.Linux.Processes;

namespace Podsharp.Linux.Tests.Namespaces;

[Category("Root")]
public sealed class NetworkNamespaceTests
{
    private string _directory = "";
    private string _path = "";

    [SetUp]
    public void MakeDirectory()
    {
        _directory = Directory.CreateTempSubdirectory("podsharp-netns-").FullName;
        _path = Path.Join(_directory, "ns");
    }

    [TearDown]
    public void Clean()
    {
        NetworkNamespace.Remove(_path);
        Directory.Delete(_directory, recursive: true);
    }

    [Test]
    public async Task A_new_namespace_has_loopback_up_and_nothing_else()
    {
        await NetworkNamespace.CreateAsync(_path, new Dictionary<string, string>());

        var links = (await InsideAsync("ip", "-brief", "address")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(links.Where(link => !link.StartsWith("ifb", StringComparison.Ordinal)), Has.One.Contains("127.0.0.1/8"));
    }

    [Test]
    public async Task A_file_that_nothing_is_bound_on_is_no_namespace()
    {
        Assert.That(NetworkNamespace.IsThere(""), Is.False);
        Assert.That(NetworkNamespace.IsThere(_path), Is.False);
        await File.WriteAllTextAsync(_path, "");
        Assert.That(NetworkNamespace.IsThere(_path), Is.False);
        File.Delete(_path);

        await NetworkNamespace.CreateAsync(_path, new Dictionary<string, string>());

        Assert.That(NetworkNamespace.IsThere(_path), Is.True);
    }

    [Test]
    public async Task Sysctls_are_set_inside_and_not_outside()
    {
        const string file = "/proc/sys/net/ipv4/ping_group_range";
        var before = await File.ReadAllTextAsync(file);

        await NetworkNamespace.CreateAsync(_path, new Dictionary<string, string> { ["net.ipv4.ping_group_range"] = "7 9" });

        Assert.That((await InsideAsync("cat", file)).Split(), Is.SupersetOf(new[] { "7", "9" }));
        Assert.That(await File.ReadAllTextAsync(file), Is.EqualTo(before));
    }

    [TestCase("net.no.such", "1")]
    [TestCase("net.ipv4.ip_forward", "rubbish")]
    [TestCase("kernel.msgmax", "1")]
    [TestCase("net/../kernel.msgmax", "1")]
    public async Task A_bad_sysctl_is_refused_by_name_and_nothing_is_left(string name, string value)
    {
        var exception = await Assert.ThrowsAsync<SysctlException>(
            () => NetworkNamespace.CreateAsync(_path, new Dictionary<string, string> { [name] = value }));

        Assert.That(exception!.Message, Does.Contain($"{name}={value}"));
        Assert.That(_path, Does.Not.Exist);
    }

    [Test]
    public async Task The_callers_threads_stay_in_their_namespace()
    {
        var before = new FileInfo("/proc/thread-self/ns/net").LinkTarget;

        await NetworkNamespace.CreateAsync(_path, new Dictionary<string, string>());

        Assert.That(new FileInfo("/proc/thread-self/ns/net").LinkTarget, Is.EqualTo(before));
        Assert.That(await InsideAsync("readlink", "/proc/self/ns/net"), Does.Not.StartWith(before!));
    }

    [Test]
    public async Task Removal_takes_mount_and_file_and_can_be_repeated()
    {
        await NetworkNamespace.CreateAsync(_path, new Dictionary<string, string>());

        NetworkNamespace.Remove(_path);
        NetworkNamespace.Remove(_path);

        Assert.That(_path, Does.Not.Exist);
        Assert.That(await File.ReadAllTextAsync("/proc/self/mountinfo"), Does.Not.Contain(_path));
    }

    [Test]
    public void Removal_where_even_the_directory_is_gone_is_no_error() =>
        Assert.That(() => NetworkNamespace.Remove(Path.Join(_directory, "gone", "ns")), Throws.Nothing);

    [Test]
    public async Task A_namespace_on_a_bridge_is_one_of_its_ports_and_takes_the_port_along()
    {
        await RunAsync("ip", "link", "add", "pstbr9", "type", "bridge");
        try
        {
            await NetworkNamespace.CreateOnBridgeAsync(new BridgeNamespace(), _path, "eth0", "pstkeep9", "pstbr9");

            Assert.That(await RunAsync("ip", "-brief", "link", "show", "master", "pstbr9"), Does.StartWith("pstkeep9"));
            Assert.That(await InsideAsync("ip", "-brief", "link"), Does.Contain("eth0@"));
        }
        finally
        {
            await RunAsync("ip", "link", "del", "pstbr9");
        }
    }

    private Task<string> InsideAsync(params string[] command) => RunAsync("nsenter", ["--net=" + _path, .. command]);

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var result = await ProcessRunner.RunAsync(new Command(ExecutablePath.Find(program)!, arguments), CancellationToken.None);
        Assert.That(result.ExitCode, Is.Zero, result.ErrorText);
        return result.OutputText;
    }
}
