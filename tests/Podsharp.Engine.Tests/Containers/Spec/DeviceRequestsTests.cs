using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Engine.Containers.Spec;

namespace Podsharp.Engine.Tests.Containers.Spec;

[TestFixture]
public sealed class DeviceRequestsTests
{
    [Test]
    public void Cdi_takes_names_as_they_are() =>
        Assert.That(NamesOf(Request("cdi", 0, ids: ["example.com/a=1", "example.com/b=2"])), Is.EqualTo(new[] { "example.com/a=1", "example.com/b=2" }));

    [Test]
    public void All_gpus_are_one_device() => Assert.That(NamesOf(Request("", -1, "gpu")), Is.EqualTo(new[] { "nvidia.com/gpu=all" }));

    [Test]
    public void A_number_of_gpus_is_the_first_ones() => Assert.That(NamesOf(Request("nvidia", 2, "gpu")), Is.EqualTo(new[] { "nvidia.com/gpu=0", "nvidia.com/gpu=1" }));

    [Test]
    public void Gpus_may_be_named() => Assert.That(NamesOf(Request("", 0, "gpu", ["3"])), Is.EqualTo(new[] { "nvidia.com/gpu=3" }));

    [TestCase("", "tpu", "could not select device driver \"\" with capabilities: [[tpu]]")]
    [TestCase("other", "gpu", "could not select device driver \"other\" with capabilities: [[gpu]]")]
    public void What_nobody_serves_is_refused_in_dockers_words(string driver, string capability, string words) =>
        Assert.That(() => NamesOf(Request(driver, 1, capability)), Throws.TypeOf<EngineException>().With.Message.StartsWith(words));

    [Test]
    public void Gpus_that_no_file_describes_are_refused() =>
        Assert.That(() => DeviceRequests.NamesOf(Of(Request("", -1, "gpu")), new Catalog { Kind = "" }), Throws.TypeOf<EngineException>().With.Message.Contains("nvidia-ctk cdi generate"));

    [TestCase("example.com/a", 0, "invalid CDI device name")]
    [TestCase("example.com/a=1", 1, "unexpected count")]
    public void A_wrong_request_is_refused_at_once(string name, int count, string words) =>
        Assert.That(() => DeviceRequests.Check(Of(Request("cdi", count, ids: [name]))), Throws.TypeOf<EngineException>().With.Message.Contains(words));

    private static IReadOnlyList<string> NamesOf(DeviceRequest request) => DeviceRequests.NamesOf(Of(request), new Catalog());

    private static MountsSpec Of(DeviceRequest request) => new() { DeviceRequests = [request] };

    private static DeviceRequest Request(string driver, int count, string capability = "", IReadOnlyList<string>? ids = null) =>
        new(driver, count, ids ?? [], capability.Length == 0 ? [] : [[capability]], new Dictionary<string, string>());

    private sealed class Catalog : IDeviceCatalog
    {
        public string Kind { get; init; } = "nvidia.com/gpu";

        public IReadOnlyList<string> Directories => ["/etc/cdi"];

        public bool Knows(string kind) => kind == Kind;

        public DeviceEdits Resolve(IReadOnlyList<string> names) => throw new NotSupportedException();
    }
}
