using Podsharp.Core.Errors;
using Podsharp.Registry.Transport;

namespace Podsharp.Registry.Tests.Transport;

public sealed class ConfiguredProxyTests
{
    private static readonly ProxyVariables Both = new("http://one.local:3128", "two.local:3129", "");

    [TestCase("http://quay.io/", "http://one.local:3128/")]
    [TestCase("https://quay.io/", "http://two.local:3129/")]
    [TestCase("https://localhost:5000/", null)]
    [TestCase("https://127.9.9.9/", null)]
    public void The_proxy_goes_by_the_scheme_and_never_for_loopback(string address, string? expected) =>
        Assert.That(new ConfiguredProxy(Both).GetProxy(new Uri(address))?.ToString(), Is.EqualTo(expected));

    [Test]
    public void Without_variables_all_is_direct() => Assert.That(new ConfiguredProxy(ProxyVariables.None).GetProxy(new Uri("https://quay.io")), Is.Null);

    [Test]
    public void Upper_case_wins_over_lower_case()
    {
        var variables = ProxyVariables.From(name => name switch { "HTTPS_PROXY" => "upper", "https_proxy" => "lower", "no_proxy" => "x", _ => null });
        Assert.That((variables.HttpsProxy, variables.NoProxy), Is.EqualTo(("upper", "x")));
    }

    [Test]
    public void Name_and_password_stand_in_the_address()
    {
        var proxy = new ConfiguredProxy(Both with { HttpProxy = "http://anna:p%40ss@one.local" });
        var credential = proxy.Credentials!.GetCredential(proxy.GetProxy(new Uri("http://quay.io"))!, "Basic");
        Assert.That((credential?.UserName, credential?.Password), Is.EqualTo(("anna", "p@ss")));
    }

    [Test]
    public void A_proxy_that_is_no_address_is_named_without_what_it_holds() =>
        Assert.That(() => new ConfiguredProxy(Both with { HttpsProxy = "ftp://anna:hunter2@x" }), Throws.TypeOf<EngineException>().With.Message.StartsWith("HTTPS_PROXY").And.Message.Not.Contains("hunter2"));

    [TestCase("*", "quay.io", true)]
    [TestCase("quay.io", "quay.io", true)]
    [TestCase("quay.io", "cdn.quay.io", true)]
    [TestCase("quay.io", "notquay.io", false)]
    [TestCase(".quay.io", "cdn.quay.io", true)]
    [TestCase(".quay.io", "quay.io", false)]
    [TestCase("*.quay.io", "cdn.quay.io", true)]
    [TestCase("a, QUAY.io ", "quay.IO", true)]
    [TestCase("quay.io:443", "quay.io", true)]
    [TestCase("quay.io:444", "quay.io", false)]
    [TestCase("10.0.0.0/8", "10.1.2.3", true)]
    [TestCase("10.0.0.0/8", "11.1.2.3", false)]
    [TestCase("10.1.2.3", "10.1.2.3", true)]
    [TestCase("fd00::/8", "[fd00::1]", true)]
    [TestCase("10.0.0.0/8", "ten.local", false)]
    public void No_proxy_knows_names_domains_addresses_and_networks(string list, string host, bool direct) =>
        Assert.That(new NoProxyList(list).Matches(host, 443), Is.EqualTo(direct));
}
