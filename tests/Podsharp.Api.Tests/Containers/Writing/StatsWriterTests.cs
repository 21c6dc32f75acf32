using Podsharp.Api.Docker.Containers.Writing;
using Podsharp.Api.Http;
using Podsharp.Engine.Containers.Usage;

namespace Podsharp.Api.Tests.Containers.Writing;

public sealed class StatsWriterTests
{
    [TestCase(51, null)]
    [TestCase(52, "linux")]
    public void Each_sample_names_the_system_for_clients_that_know_the_field(int minor, string? system) =>
        Assert.That(StatsWriter.Write(new Measurement(Sample.Container(), null, null), new ApiVersion(1, minor, 0)).OsType, Is.EqualTo(system));
}
