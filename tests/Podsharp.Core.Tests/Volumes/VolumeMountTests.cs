using Podsharp.Core.Errors;
using Podsharp.Core.Volumes;

namespace Podsharp.Core.Tests.Volumes;

public sealed class VolumeMountTests
{
    [TestCase("foo=x", "create v: invalid option: \"foo\"")]
    [TestCase("o=bind", "create v: missing required option: \"device\"")]
    [TestCase("type=none;o=bind", "create v: missing required option: \"device\"")]
    [TestCase("device=/x", "create v: missing required option: \"type\"")]
    [TestCase("size=10m", "create v: quota size requested but no quota support")]
    [TestCase("size=xx", "create v: invalid size: 'xx'")]
    [TestCase("type=nfs;device=x", "create v: device \"x\" is no NFS export: want \":/PATH\" or \"HOST:/PATH\"")]
    [TestCase("type=nfs;device=:/x;o=rw", "create v: no NFS server given: want addr=HOST in option \"o\"")]
    [TestCase("type=cifs;device=/x", "create v: device \"/x\" is no SMB share: want \"//HOST/SHARE\"")]
    public void Refuses_what_can_never_be_mounted(string options, string message) =>
        Assert.That(() => VolumeMount.Check(Options(options), "create v"), Throws.TypeOf<EngineException>().With.Message.EqualTo(message));

    [TestCase("")]
    [TestCase("type=none;o=bind;device=/x")]
    [TestCase("type=tmpfs;device=tmpfs")]
    [TestCase("type=nfs;device=:/x;o=addr=10.0.0.1,rw")]
    [TestCase("type=nfs4;device=server:/x")]
    [TestCase("type=cifs;device=//server/share;o=username=u")]
    [TestCase("type=;o=;device=")]
    public void Takes_what_may_be_mounted(string options) => Assert.That(() => VolumeMount.Check(Options(options), "create v"), Throws.Nothing);

    [TestCase("")]
    [TestCase("type=;o=;device=")]
    public void Options_that_say_nothing_are_no_mount(string options) => Assert.That(VolumeMount.Of(Volume(options)), Is.Null);

    [Test]
    public void Knows_what_it_takes_away() =>
        Assert.That(VolumeMount.Of(Volume("type=none;o=bind,ro,noexec,size=1m;device=/x"))!.Restrictions, Is.EqualTo(new[] { "ro", "noexec" }));

    private static Volume Volume(string options) =>
        new() { Name = "v", Created = default, MountPoint = "/v", Options = Options(options) };

    private static Dictionary<string, string> Options(string text) =>
        text.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
}
