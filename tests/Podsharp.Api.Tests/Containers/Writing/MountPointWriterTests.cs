using Podsharp.Api.Docker.Containers.Writing;
using Podsharp.Core.Containers;
using Podsharp.Testing;

namespace Podsharp.Api.Tests.Containers.Writing;

public sealed class MountPointWriterTests
{
    [TestCase(true, "", "z")]
    [TestCase(true, "ro", "ro")]
    [TestCase(false, "", "")]
    public void A_volume_that_was_asked_for_as_a_mount_has_a_mode(bool asked, string written, string mode)
    {
        var container = Samples.Container("c", Samples.Image("image"));
        var requests = asked ? [new MountRequest { Kind = MountKind.Volume, Source = "v", Target = "/data" }] : Array.Empty<MountRequest>();
        container = container with
        {
            Spec = container.Spec with { Mounts = container.Spec.Mounts with { Requested = requests } },
            Mounts = [new ResolvedMount { Kind = MountKind.Volume, VolumeName = "v", Target = "/data", WrittenMode = written }],
        };

        Assert.That(MountPointWriter.Write(container).Single().Mode, Is.EqualTo(mode));
    }
}
