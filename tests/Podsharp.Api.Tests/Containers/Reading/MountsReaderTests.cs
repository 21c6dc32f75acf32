using Podsharp.Core.Containers;
using Podsharp.Core.Errors;

namespace Podsharp.Api.Tests.Containers.Reading;

public sealed class MountsReaderTests
{
    [TestCase("", "invalid volume specification: ''")]
    [TestCase("a:b", "invalid volume specification: 'a:b': invalid mount config for type \"volume\": invalid mount path: 'b' mount path must be absolute")]
    [TestCase("/a:b", "invalid volume specification: '/a:b': invalid mount config for type \"bind\": invalid mount path: 'b' mount path must be absolute")]
    [TestCase("/a:/b:xx", "invalid mode: xx")]
    [TestCase("/a:/b:ro,rw", "invalid mode: ro,rw")]
    [TestCase("/a:/b:ro:z", "invalid volume specification: '/a:/b:ro:z'")]
    [TestCase("/a:ro", "invalid volume specification: '/a:ro'")]
    [TestCase("/a:/", "invalid volume specification: '/a:/': invalid mount config for type \"bind\": invalid specification: destination can't be '/'")]
    [TestCase("/a:/b/..", "invalid volume specification: '/a:/b/..': invalid mount config for type \"bind\": invalid specification: destination can't be '/'")]
    [TestCase("/a:/b:nocopy", "invalid volume specification: '/a:/b:nocopy': invalid mount config for type \"bind\": field VolumeOptions must not be specified")]
    [TestCase("vol:/b:rshared", "invalid volume specification: 'vol:/b:rshared': invalid mount config for type \"volume\": field BindOptions must not be specified")]
    [TestCase("/a::ro", "invalid volume specification: '/a::ro': invalid mount config for type \"bind\": field Target must not be empty")]
    [TestCase(":/b", "invalid volume specification: ':/b'")]
    public void Refuses_a_bind_in_dockers_words(string bind, string message) =>
        Assert.That(CreateBodies.HostRefusal($"\"Binds\":[\"{bind}\"]").Message, Is.EqualTo(message));

    [TestCase("./a:/b", "./a")]
    [TestCase("a/b:/c", "a/b")]
    [TestCase("v!:/x", "v!")]
    public void Refuses_a_volume_name_that_looks_like_a_path(string bind, string name) =>
        Assert.That(CreateBodies.HostRefusal($"\"Binds\":[\"{bind}\"]").Message, Does.StartWith($"create {name}: \"{name}\" includes invalid characters"));

    [Test]
    public void Reads_a_bind_of_a_host_path()
    {
        var mount = CreateBodies.Host("\"Binds\":[\"/a/../b:/x/:ro,z,rslave\"]").Mounts.Requested.Single();

        Assert.That((mount.Kind, mount.Source, mount.Target), Is.EqualTo((MountKind.Bind, "/b", "/x")));
        Assert.That((mount.ReadOnly, mount.Propagation, mount.WrittenMode, mount.CreateSource), Is.EqualTo((true, "rslave", "ro,z,rslave", true)));
        Assert.That(mount.Options, Is.EqualTo(new[] { "z" }));
    }

    [Test]
    public void Reads_a_bind_of_a_volume()
    {
        var mount = CreateBodies.Host("\"Binds\":[\"vol:/x:nocopy,ro\"]").Mounts.Requested.Single();

        Assert.That((mount.Kind, mount.Source, mount.NoCopy, mount.ReadOnly, mount.CreateSource), Is.EqualTo((MountKind.Volume, "vol", true, true, false)));
    }

    [Test]
    public void A_path_alone_is_an_anonymous_volume() =>
        Assert.That(CreateBodies.Host("\"Binds\":[\"/x\"]").Mounts.AnonymousVolumes, Is.EqualTo(new[] { "/x" }));

    [Test]
    public void A_volume_without_a_slash_lies_below_the_root() =>
        Assert.That(CreateBodies.Spec("""{"Image":"x","Volumes":{"data":{}}}""").Mounts.AnonymousVolumes, Is.EqualTo(new[] { "/data" }));

    [TestCase("\"Binds\":[\"/tmp:/x\",\"/tmp:/x/\"]")]
    [TestCase("\"Binds\":[\"/tmp:/x\"],\"Tmpfs\":{\"/x\":\"\"}")]
    [TestCase("\"Binds\":[\"/tmp:/x\"],\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/tmp\",\"Target\":\"/x\"}]")]
    public void One_target_takes_one_mount(string members) =>
        Assert.That(CreateBodies.HostRefusal(members).Message, Is.EqualTo("Duplicate mount point: /x"));

    [TestCase("{}", "invalid mount config for type \"\": field Target must not be empty")]
    [TestCase("{\"Type\":\"bind\",\"Target\":\"/x\"}", "invalid mount config for type \"bind\": field Source must not be empty")]
    [TestCase("{\"Type\":\"bind\",\"Source\":\"tmp\",\"Target\":\"/x\"}", "invalid mount config for type \"bind\": invalid mount path: 'tmp' mount path must be absolute")]
    [TestCase("{\"Type\":\"bind\",\"Source\":\"/tmp\",\"Target\":\"x\"}", "invalid mount config for type \"bind\": invalid mount path: 'x' mount path must be absolute")]
    [TestCase("{\"Type\":\"bind\",\"Source\":\"/tmp\",\"Target\":\"/\"}", "invalid mount config for type \"bind\": invalid specification: destination can't be '/'")]
    [TestCase("{\"Type\":\"foo\",\"Target\":\"/x\"}", "invalid mount config for type \"foo\": mount type unknown")]
    [TestCase("{\"Type\":\"npipe\",\"Source\":\"a\",\"Target\":\"/x\"}", "invalid mount config for type \"npipe\": mount type unknown")]
    [TestCase("{\"Type\":\"volume\",\"Target\":\"/x\",\"BindOptions\":{}}", "BindOptions must not be specified on mount type \"volume\"")]
    [TestCase("{\"Type\":\"bind\",\"Source\":\"/tmp\",\"Target\":\"/x\",\"VolumeOptions\":{}}", "VolumeOptions must not be specified on mount type \"bind\"")]
    [TestCase("{\"Type\":\"bind\",\"Source\":\"/tmp\",\"Target\":\"/x\",\"BindOptions\":{\"Propagation\":\"foo\"}}", "invalid mount config for type \"bind\": invalid propagation mode: foo")]
    [TestCase("{\"Type\":\"tmpfs\",\"Source\":\"a\",\"Target\":\"/x\"}", "invalid mount config for type \"tmpfs\": field Source must not be specified")]
    [TestCase("{\"Type\":\"volume\",\"Target\":\"/x\",\"ReadOnly\":true}", "invalid mount config for type \"volume\": must not set ReadOnly mode when using anonymous volumes")]
    [TestCase("{\"Type\":\"volume\",\"Target\":\"/x\",\"VolumeOptions\":{\"Subpath\":\"a\"}}", "invalid mount config for type \"volume\": must not set Subpath when using anonymous volumes")]
    [TestCase("{\"Type\":\"volume\",\"Source\":\"a\",\"Target\":\"/x\",\"VolumeOptions\":{\"Subpath\":\"a/../../b\"}}", "invalid mount config for type \"volume\": subpath must be a relative path within the volume")]
    [TestCase("{\"Type\":\"volume\",\"Source\":\"a\",\"Target\":\"/x\",\"VolumeOptions\":{\"Subpath\":\"../a\"}}", "invalid mount config for type \"volume\": subpath must be a relative path within the volume")]
    public void Refuses_an_entry_of_the_mounts_list_in_dockers_words(string mount, string message) =>
        Assert.That(CreateBodies.HostRefusal($"\"Mounts\":[{mount}]").Message, Is.EqualTo(message));

    [Test]
    public void Reads_every_option_of_a_volume_mount()
    {
        var mount = CreateBodies.Host("""
            "Mounts":[{"Type":"volume","Source":"v1","Target":"/x","ReadOnly":true,"VolumeOptions":{"NoCopy":true,"Subpath":"a/b","Labels":{"k":"v"},
            "DriverConfig":{"Name":"local","Options":{"type":"tmpfs"}}}}]
            """).Mounts.Requested.Single();

        Assert.That((mount.Kind, mount.Source, mount.ReadOnly, mount.NoCopy, mount.Subpath), Is.EqualTo((MountKind.Volume, "v1", true, true, "a/b")));
        Assert.That(mount.VolumeLabels["k"], Is.EqualTo("v"));
        Assert.That(mount.VolumeDriverOptions["type"], Is.EqualTo("tmpfs"));
        Assert.That(mount.FromMountsList, Is.True);
    }

    [Test]
    public void Reads_a_tmpfs_mount_and_a_tmpfs_of_the_map_alike()
    {
        var mounts = CreateBodies.Host("""
            "Mounts":[{"Type":"tmpfs","Target":"/a","TmpfsOptions":{"SizeBytes":1048576,"Mode":448,"Options":[["noexec"],["uid","5"]]}}],
            "Tmpfs":{"/b":"size=1m,mode=0700,noexec,uid=5"}
            """).Mounts.Requested;

        Assert.That(mounts.Select(mount => (mount.TmpfsSize, mount.TmpfsMode, string.Join(',', mount.Options))), Is.All.EqualTo((1048576L, (int?)448, "noexec,uid=5")));
    }

    [TestCase("foo")]
    [TestCase("size=abc")]
    [TestCase("mode=99")]
    [TestCase("uid=")]
    public void Refuses_unknown_options_of_a_tmpfs(string options) =>
        Assert.That(CreateBodies.HostRefusal($"\"Tmpfs\":{{\"/x\":\"{options}\"}}").Message, Is.EqualTo($"Invalid tmpfs option [\"{options}\"]"));

    [TestCase("\"VolumesFrom\":[\"\"]", "volumes-from specification cannot be an empty string")]
    [TestCase("\"VolumesFrom\":[\"c:foo\"]", "invalid mode: foo")]
    [TestCase("\"Devices\":[{\"PathOnHost\":\"/dev/null\",\"CgroupPermissions\":\"abc\"}]", "invalid device mode: abc")]
    public void Refuses_wrong_devices_and_volumes_from(string members, string message) =>
        Assert.That(CreateBodies.HostRefusal(members).Message, Is.EqualTo(message));

    [Test]
    public void A_device_is_by_default_in_the_same_place_with_all_rights() =>
        Assert.That(
            CreateBodies.Host("\"Devices\":[{\"PathOnHost\":\"/dev/null\"}]").Mounts.Devices,
            Is.EqualTo(new[] { new DeviceMapping("/dev/null", "/dev/null", "rwm") }));

    [Test]
    public void Options_that_are_not_carried_out_are_refused_and_not_ignored() =>
        Assert.That(CreateBodies.HostRefusal("\"Binds\":[\"/a:/b:U\"]").Kind, Is.EqualTo(ErrorKind.NotSupported));
}
