using Podsharp.Core.Text;

namespace Podsharp.Core.Tests.Text;

public sealed class AddressTextTests
{
    [TestCase("10.0.0.1")]
    [TestCase("0.0.0.0")]
    [TestCase("::")]
    [TestCase("FD00:0::01")]
    [TestCase("::ffff:1.2.3.4")]
    public void Reads_addresses(string text) => Assert.That(AddressText.TryParse(text, out _), Is.True);

    [TestCase("")]
    [TestCase("1")]
    [TestCase("10.1")]
    [TestCase("010.0.0.1")]
    [TestCase("0x7f.0.0.1")]
    [TestCase("[::1]")]
    [TestCase("[::1]:80")]
    [TestCase("fe80::1%1")]
    [TestCase(" 10.0.0.1")]
    public void Refuses_what_only_the_framework_takes_for_an_address(string text) => Assert.That(AddressText.TryParse(text, out _), Is.False);

    [TestCase("10.0.0.0/8", true)]
    [TestCase("fd00::/64", true)]
    [TestCase("010.0.0.0/8", false)]
    [TestCase("10.0.0.0", false)]
    [TestCase("10.0.0.0/33", false)]
    [TestCase("", false)]
    public void A_network_is_an_address_and_the_length_of_its_prefix(string text, bool expected) =>
        Assert.That(AddressText.TryParseNetwork(text, out _), Is.EqualTo(expected));
}
