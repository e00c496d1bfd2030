"""The invented company's customers: sixty shops and tables in two real cities, none of which exists."""

from dataclasses import dataclass
from typing import NamedTuple

STORE = "store"
"""A shop with a shelf: it gets a store check, anybody else a customer visit."""


class _Line(NamedTuple):
    """A customer as the table below writes him; degrees are WGS-84, `seen` is how many days ago he was visited last."""

    grade: str
    kind: str
    name: str
    latitude: float
    longitude: float
    quarter: str
    contact: str
    seen: int | None


@dataclass(frozen=True)
class Invented:
    """A customer with what follows from his place in the list: his id in the company's books and his phone.

    No Chinese number begins with 0 behind its area code, so nobody can be called by mistake.
    `seen` None: the last four weeks know nothing of him. `met` means that a rep found him on the street.
    """

    external_id: str
    city: str
    line: _Line
    phone: str
    tags: tuple[str, ...]

    @property
    def is_store(self) -> bool:
        return self.line.kind == STORE

    @property
    def met(self) -> bool:
        """Found on the street and not graded yet."""
        return not self.line.grade


_CHONGQING = (
    _Line("A", "café", "蓝鹭咖啡 Blue Heron Coffee", 29.55792, 106.57664, "渝中区 解放碑", "王岚 店主", 7),
    _Line("A", STORE, "云梯超市 Skyladder Market 较场口店", 29.55337, 106.57286, "渝中区 较场口", "王海 采购总监", 7),
    _Line("A", "hotel", "竹影酒店 Bamboo Shade Hotel", 29.55968, 106.57052, "渝中区 临江门", "何静 餐饮总监", 4),
    _Line("A", "restaurant", "九格火锅 Nine Squares Hotpot", 29.57462, 106.53318, "江北区 观音桥", "罗勇 老板", 9),
    _Line("A", "hotel", "汇流会议酒店 Confluence Hotel", 29.61204, 106.51833, "渝北区 新牌坊", "唐敏 采购", 2),
    _Line("A", "teahouse", "山城一隅茶馆 Hillside Teahouse", 29.56316, 106.57851, "渝中区 洪崖洞", "周叔 店主", 16),
    _Line("B", STORE, "橙子便利 Orange Corner 解放碑店", 29.55618, 106.57935, "渝中区 解放碑", "李倩 店长", 13),
    _Line("B", STORE, "橙子便利 Orange Corner 观音桥店", 29.57711, 106.53612, "江北区 观音桥", "张磊 店长", 5),
    _Line("B", STORE, "云梯超市 Skyladder Market 南坪店", 29.52706, 106.56528, "南岸区 南坪", "陈芳 采购", 14),
    _Line("B", "café", "北城书咖 North Town Books & Coffee", 29.57203, 106.52874, "江北区 北城天街", "吴彤 店长", 10),
    _Line("B", "restaurant", "临江露台餐厅 River Terrace", 29.55511, 106.58420, "渝中区 朝天门", "曾杰 经理", 17),
    _Line("B", "teahouse", "雾灯茶坊 Foglight Teahouse", 29.52914, 106.57018, "南岸区 南坪", "蒋阿姨 店主", 6),
    _Line("B", "bakery", "江岸面包房 Riverbank Bakery", 29.57084, 106.59471, "南岸区 弹子石", "邓丽 店主", 11),
    _Line("B", "restaurant", "渡口餐吧 Ferry Landing Bistro", 29.56870, 106.59210, "南岸区 弹子石", "Marco 主厨", 3),
    _Line("B", "dessert", "三盏灯甜品 Three Lanterns", 29.50624, 106.51192, "九龙坡区 杨家坪", "苏苏 店主", 12),
    _Line("B", "restaurant", "嘉木小馆 Jiamu Kitchen", 29.55894, 106.45683, "沙坪坝区 三峡广场", "彭哥 老板", 8),
    _Line("C", "restaurant", "石阶面馆 Stone Steps Noodles", 29.55247, 106.56710, "渝中区 七星岗", "老秦 老板", 18),
    _Line("C", "guesthouse", "半山民宿 Halfway Hill Guesthouse", 29.54611, 106.54903, "渝中区 鹅岭", "小段 管家", 22),
    _Line("C", STORE, "小满便利 Grain Rain Mini", 29.54019, 106.51544, "渝中区 大坪", "冯姐 店主", 9),
    _Line("C", "restaurant", "青瓦食堂 Grey Tile Canteen", 29.55602, 106.46127, "沙坪坝区 三峡广场", "高师傅", None),
    _Line("C", "café", "红土陶咖啡 Red Clay Coffee", 29.49871, 106.51707, "九龙坡区 黄桷坪", "阿泽 店主", 15),
    _Line("C", "teahouse", "磁窗茶舍 Porcelain Window Tea", 29.57948, 106.45012, "沙坪坝区 磁器口", "梁老师 店主", 24),
    _Line("C", "gym", "飞鸟健身 Skylark Gym", 29.60073, 106.52160, "渝北区 龙溪", "Kevin 店长", 19),
    _Line("C", "drinks", "大坪果汁铺 Daping Juice Bar", 29.54171, 106.51874, "渝中区 大坪", "小霍 店员", 23),
    _Line("C", "restaurant", "枫树里餐厅 Maple Lane", 29.60518, 106.53011, "渝北区 新溉路", "任经理", 25),
    _Line("C", "café", "轻轨站咖啡亭 Monorail Coffee Kiosk", 29.55370, 106.53952, "渝中区 李子坝", "小贾 店员", 20),
    _Line("C", STORE, "黄桷树小超 Fig Tree Grocery", 29.56497, 106.46809, "沙坪坝区 小龙坎", "田叔 店主", 21),
    _Line("C", "restaurant", "铁桥餐吧 Iron Bridge Diner", 29.57638, 106.57420, "江北区 江北嘴", "Linda 经理", 26),
    _Line("D", STORE, "长坡便利 Long Slope Store", 29.51033, 106.49861, "九龙坡区 石桥铺", "老范 店主", None),
    _Line("D", "restaurant", "暖阳早餐 Warm Sun Breakfast", 29.64127, 106.53274, "渝北区 照母山", "谢姐 店主", None),
    _Line("", "drinks", "新苗奶茶 Seedling Milk Tea", 29.57355, 106.53104, "江北区 观音桥", "小鹿 店主", 6),
)

_CHENGDU = (
    _Line("A", "teahouse", "拾光茶馆 Found Time Teahouse", 30.66905, 104.05218, "青羊区 宽窄巷子", "Mr Luo, owner", 5),
    _Line("A", "café", "芙蓉角咖啡 Hibiscus Corner Coffee", 30.65722, 104.07846, "锦江区 春熙路", "Ivy, manager", 7),
    _Line("A", "hotel", "锦庭酒店 Brocade Court Hotel", 30.65314, 104.08391, "锦江区 太古里", "Ms Deng, F&B", 3),
    _Line("A", "restaurant", "三只麻雀火锅 Three Sparrows Hotpot", 30.63058, 104.06117, "武侯区 玉林", "Boss Zeng", 10),
    _Line("A", STORE, "麦穗便利 Wheat Ear Mart 春熙店", 30.65603, 104.08012, "锦江区 春熙路", "Xiao Tan, manager", 6),
    _Line("A", STORE, "桐子市集 Tung Market", 30.61714, 104.06548, "武侯区 桐梓林", "Ms Bai, buyer", 8),
    _Line("B", STORE, "麦穗便利 Wheat Ear Mart 玉林店", 30.62874, 104.05790, "武侯区 玉林", "Mr Gou, manager", 12),
    _Line("B", STORE, "麦穗便利 Wheat Ear Mart 建设路店", 30.67012, 104.10044, "成华区 建设路", "Xiao Pu, manager", 14),
    _Line("B", "bakery", "玉兰里面包 Magnolia Lane Bakery", 30.63311, 104.06402, "武侯区 倪家桥", "Grandma Liao", 9),
    _Line("B", "café", "慢板咖啡 Adagio Coffee", 30.62517, 104.05266, "武侯区 棕北", "Leo, owner", 4),
    _Line("B", "teahouse", "竹林深处茶社 Deep Bamboo Teahouse", 30.62893, 104.09012, "武侯区 望江", "Uncle Ou", 18),
    _Line("B", "restaurant", "银叶餐厅 Silver Leaf Dining", 30.66071, 104.06472, "青羊区 天府广场", "Chef Hua", 11),
    _Line("B", "restaurant", "轻舟轻食 Light Boat Salads", 30.58024, 104.06421, "高新区 金融城", "Nina, founder", 2),
    _Line("B", "guesthouse", "花溪民宿 Flower Brook Guesthouse", 30.66016, 104.03058, "青羊区 浣花溪", "Mrs Jian", 13),
    _Line(
        "B",
        "restaurant",
        "东郊车间餐吧 East Workshop",
        30.67144,
        104.11987,
        "成华区 建设南路",
        "Dylan",
        8,
    ),
    _Line("B", STORE, "南门超市 South Gate Market", 30.64287, 104.06203, "武侯区 一环路南", "Ms Xie, buyer", 5),
    _Line("C", "restaurant", "青羊小灶 Grey Goat Kitchen", 30.67486, 104.04633, "青羊区 西大街", "Lao Meng", 17),
    _Line("C", "bar", "橡皮筏酒吧 Rubber Raft Bar", 30.64118, 104.08274, "锦江区 九眼桥", "Zack, owner", 20),
    _Line("C", "books", "纸船书店 Paper Boat Books", 30.64891, 104.09106, "锦江区 东大街", "Miss Yin", 23),
    _Line("C", "dessert", "小酒窝甜品 Dimple Desserts", 30.66388, 104.08170, "锦江区 红星路", "Sisi, owner", None),
    _Line("C", "study room", "望江自习室 Riverside Study Room", 30.63127, 104.08577, "武侯区 望江路", "Xiao Nie", 25),
    _Line("C", "drinks", "八月凉茶 August Herbal Tea", 30.68022, 104.06011, "金牛区 人民北路", "Auntie Fei", 15),
    _Line("C", "club", "石榴会馆 Pomegranate Club", 30.69041, 104.05172, "金牛区 沙湾", "Mr Kang", 19),
    _Line("C", "drinks", "晨跑果汁 Morning Run Juice", 30.59204, 104.05918, "高新区 世纪城", "Coco, staff", 21),
    _Line("C", "canteen", "齿轮食堂 Gearwheel Canteen", 30.57331, 104.07044, "高新区 天府三街", "Mr Pang", 22),
    _Line("C", "café", "月台咖啡 Platform Coffee", 30.69618, 104.07391, "金牛区 北站", "Ashe, barista", 24),
    _Line("D", "canteen", "蒲公英食堂 Dandelion Canteen", 30.60912, 104.10216, "锦江区 三圣乡", "Ms Qu", None),
    _Line("D", "restaurant", "老井面馆 Old Well Noodles", 30.68833, 104.09844, "成华区 驷马桥", "Lao Dai", None),
    _Line("", STORE, "新枝便利 New Twig Mini", 30.63577, 104.07166, "武侯区 磨子桥", "Xiao Yan, owner", 5),
)

CHAINS = ("橙子便利", "云梯超市", "麦穗便利")


def _numbered(city: str, prefix: str, area_code: str, lines: tuple[_Line, ...]) -> tuple[Invented, ...]:
    customers = []
    for number, line in enumerate(lines, start=1):
        tags = [line.kind, *(["chain 连锁"] if line.name.startswith(CHAINS) else [])]
        if not line.grade:
            tags.append("new 新店")
        phone = f"{area_code}-0000 {number:04}"
        customers.append(Invented(f"{prefix}-{number:03}", city, line, phone, tuple(tags)))
    return tuple(customers)


CUSTOMERS: dict[str, tuple[Invented, ...]] = {
    "Chongqing 重庆": _numbered("Chongqing 重庆", "CQ", "023", _CHONGQING),
    "Chengdu 成都": _numbered("Chengdu 成都", "CD", "028", _CHENGDU),
}
"""By city, in the order of the books."""
