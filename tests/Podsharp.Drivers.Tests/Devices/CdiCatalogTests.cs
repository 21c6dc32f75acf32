using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Core.Oci;
using Podsharp.Drivers.Devices;

namespace Podsharp.Drivers.Tests.Devices;

[TestFixture]
public sealed class CdiCatalogTests
{
    private const string Yaml = """
        cdiVersion: 0.6.0
        kind: example.com/sensor
        containerEdits:
          env: [SENSORS=yes]
        devices:
        - name: "0"
          annotations: {where: roof}
          containerEdits:
            env:
            - SENSOR=0
            deviceNodes:
            - path: /dev/sensor0
              hostPath: /dev/null
              fileMode: 0660
              permissions: rw
              gid: 7
            mounts:
            - hostPath: /usr/lib/sensor
              containerPath: /usr/lib/sensor
              options: [ro, nosuid, bind]
            hooks:
            - hookName: createContainer
              path: /usr/bin/ldconfig
              args: [ldconfig, -X]
            additionalGids: [0, 44]
        - name: "1"
          containerEdits: {env: [SENSOR=1]}
        """;

    private string _directory = "";
    private CdiCatalog _catalog = null!;

    [SetUp]
    public void MakeDirectory()
    {
        _directory = Directory.CreateTempSubdirectory("podsharp-cdi-").FullName;
        _catalog = new CdiCatalog(new EngineOptions { DeviceDirectories = [Path.Join(_directory, "etc"), Path.Join(_directory, "run")] });
    }

    [TearDown]
    public void Clean() => Directory.Delete(_directory, recursive: true);

    [Test]
    public void A_devices_edits_are_read_whole()
    {
        Write("etc/sensor.yaml", Yaml);

        var edits = _catalog.Resolve(["example.com/sensor=0"]);

        Assert.Multiple(() =>
        {
            Assert.That(edits.Environment, Is.EqualTo(new[] { "SENSORS=yes", "SENSOR=0" }));
            Assert.That(edits.Nodes, Is.EqualTo(new[] { new DeviceNodeEdit("/dev/sensor0", "/dev/null", null, null, null, 0x1b0, "rw", null, 7) }));
            Assert.That(edits.Mounts.Single().Options, Is.EqualTo(new[] { "ro", "nosuid", "bind" }));
            Assert.That(edits.Hooks.CreateContainer!.Single().Args, Is.EqualTo(new[] { "ldconfig", "-X" }));
            Assert.That(edits.AdditionalGroups, Is.EqualTo(new[] { 44u }), "a group of root's is no group to add");
        });
    }

    [Test]
    public void What_all_devices_of_a_file_bring_comes_once()
    {
        Write("etc/sensor.yaml", Yaml);

        Assert.That(_catalog.Resolve(["example.com/sensor=0", "example.com/sensor=1"]).Environment, Is.EqualTo(new[] { "SENSORS=yes", "SENSOR=0", "SENSOR=1" }));
    }

    [Test]
    public void A_file_may_be_JSON()
    {
        Write("run/one.json", """{"cdiVersion":"0.3.0","kind":"example.com/net","devices":[{"name":"a","containerEdits":{"env":["A=b"]}}]}""");

        Assert.That(_catalog.Resolve(["example.com/net=a"]).Environment, Is.EqualTo(new[] { "A=b" }));
        Assert.That(_catalog.Knows("example.com/net"), Is.True);
        Assert.That(_catalog.Knows("example.com/ne"), Is.False);
    }

    [Test]
    public void A_later_directory_has_precedence()
    {
        Write("etc/a.json", One("etc"));
        Write("run/b.json", One("run"));

        Assert.That(_catalog.Resolve(["example.com/one=a"]).Environment, Is.EqualTo(new[] { "FROM=run" }));
    }

    [Test]
    public void A_device_that_is_described_twice_in_one_directory_is_not_given()
    {
        Write("etc/a.json", One("a"));
        Write("etc/b.json", One("b"));

        Assert.That(Refusal("example.com/one=a"), Does.Contain("example.com/one=a is described twice"));
    }

    [Test]
    public void An_unknown_device_is_named_together_with_the_files_that_cannot_be_read()
    {
        Write("etc/broken.yaml", "kind: [");
        Write("etc/new.yaml", "cdiVersion: 0.8.0\nkind: example.com/new\ndevices:\n- name: a\n  containerEdits:\n    intelRdt: {closID: x}\n");

        Assert.That(Refusal("example.com/new=a"), Does.StartWith("CDI device injection failed: unresolvable CDI devices example.com/new=a")
            .And.Contain("broken.yaml: line ").And.Contain("new.yaml: devices[0].containerEdits.intelRdt is not supported"));
    }

    [TestCase("cdiVersion: 0.6.0\nkind: nonsense\ndevices:\n- name: a\n")]
    [TestCase("cdiVersion: 0.6.0\nkind: example.com/x\ndevices:\n- name: ../a\n")]
    [TestCase("kind: example.com/x\ndevices:\n- name: a\n")]
    [TestCase("cdiVersion: 0.6.0\nkind: example.com/x\ndevices:\n- name: a\n  containerEdits:\n    deviceNodes: [{path: dev/x}]\n")]
    [TestCase("cdiVersion: 0.6.0\nkind: example.com/x\ndevices:\n- name: a\n  containerEdits:\n    hooks: [{hookName: sometime, path: /bin/x}]\n")]
    [TestCase("- a\n- b\n")]
    public void A_file_that_is_wrong_gives_no_device(string text)
    {
        Write("etc/wrong.yaml", text);

        Assert.That(Refusal("example.com/x=a"), Does.Contain("wrong.yaml: "));
    }

    private static string One(string from) => $$$"""{"cdiVersion":"0.3.0","kind":"example.com/one","devices":[{"name":"a","containerEdits":{"env":["FROM={{{from}}}"]}}]}""";

    private string Refusal(string name) => Assert.Throws<EngineException>(() => _catalog.Resolve([name]))!.Message;

    private void Write(string name, string text)
    {
        var path = Path.Join(_directory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
