using Podsharp.Api.Docker.Containers.Writing;
using Podsharp.Api.Tests.Containers.Reading;

namespace Podsharp.Api.Tests.Containers.Writing;

public sealed class MountWriterTests
{
    [TestCase("cached", "cached")]
    [TestCase("", null)]
    public void A_mount_shows_the_consistency_that_was_asked_for(string asked, string? shown)
    {
        var request = CreateBodies.Host($$"""
            "Mounts":[{"Type":"bind","Source":"/tmp","Target":"/x","Consistency":"{{asked}}"}]
            """).Mounts.Requested.Single();

        Assert.That(MountWriter.Write(request)!.Consistency, Is.EqualTo(shown));
    }
}
