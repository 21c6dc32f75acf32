using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;
using Podsharp.Core.Storage;
using Podsharp.Drivers.Network.Forwarding;
using Podsharp.Drivers.Network.Rootless;

namespace Podsharp.Drivers.Tests.Network.Rootless;

/// <summary>A shell script stands in for the forwarding process.</summary>
public sealed class PortForwarderTests
{
    private readonly ContainerId _id = ContainerId.New();

    private string _root = "";

    [SetUp]
    public void MakeRoot() => _root = Directory.CreateTempSubdirectory("podsharp-ports-").FullName;

    [TearDown]
    public async Task RemoveRoot()
    {
        // One that a failed test left.
        await For("exit 1").EndAsync(_id);
        Directory.Delete(_root, recursive: true);
    }

    [Test]
    public async Task A_process_that_is_ready_serves_until_it_is_ended()
    {
        var forwarder = For("printf %s $$ >\"$3\"; echo ready; while :; do sleep 0.05; done");

        await forwarder.StartAsync(Attachment());
        Assert.That(forwarder.Serves(_id), Is.True);
        await forwarder.EndAsync(_id);

        Assert.That(forwarder.Serves(_id), Is.False);
        Assert.That(Directory.EnumerateFiles(new StorePaths(_root, _root).Forwarders), Is.Empty);
    }

    [Test]
    public async Task One_that_serves_already_is_left_alone()
    {
        var forwarder = For("printf %s $$ >\"$3\"; echo once >>\"$0.runs\"; echo ready; while :; do sleep 0.05; done");

        await forwarder.StartAsync(Attachment());
        await forwarder.StartAsync(Attachment());
        await forwarder.EndAsync(_id);

        Assert.That(await File.ReadAllTextAsync(Script + ".runs"), Is.EqualTo("once\n"));
    }

    [Test]
    public async Task One_that_cannot_begin_is_told_with_its_words_and_is_gone()
    {
        var forwarder = For("printf %s $$ >\"$3\"; echo 127.0.0.1:80 is in use >&2; exit 1");

        var failure = await Assert.ThrowsAsync<EngineException>(() => forwarder.StartAsync(Attachment()));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.Conflict));
        Assert.That(failure.Message, Does.Contain("127.0.0.1:80 is in use"));
        Assert.That(forwarder.Serves(_id), Is.False);
    }

    [Test]
    public async Task Another_process_under_the_pid_that_was_noted_is_not_ended()
    {
        var paths = new StorePaths(_root, _root);
        Directory.CreateDirectory(paths.Forwarders);
        await File.WriteAllTextAsync(Path.Join(paths.Forwarders, _id.ToString()), $"{Environment.ProcessId}");

        await For("exit 1").EndAsync(_id);

        Assert.That(Directory.EnumerateFiles(paths.Forwarders), Is.Empty);
    }

    private string Script => Path.Join(_root, "forwarder");

    private PortForwarder For(string script)
    {
        File.WriteAllText(Script, script);
        var options = new DriverOptions { Paths = new StorePaths(_root, _root), Forwarder = ["/bin/sh", Script, ForwardingProcess.Verb] };
        return new PortForwarder(options, new UserScopes(options));
    }

    private NetworkAttachment Attachment() => new()
    {
        ContainerId = _id,
        ContainerName = "c1",
        Hostname = "c1",
        NamespacePath = new StorePaths(_root, _root).NetworkNamespace(_id),
        Endpoints = [],
        Ports = [new PublishedPort(new PortKey(80, "tcp"), "127.0.0.1", 80)],
    };
}
