"""Characters of Chinese names that people read in more than one way."""

from collections.abc import Mapping

# Only readings that occur in names of shops, places and families: a dictionary's rare ones would double the index.
# After each character its readings without tones; the order does not matter.
_TABLE = """
重zhong,chong 长chang,zhang 乐le,yue 行hang,xing 朝chao,zhao 曾zeng,ceng 单dan,shan 厦xia,sha 莘xin,shen 都du,dou
大da,dai 解jie,xie 仇qiu,chou 区qu,ou 盛sheng,cheng 石shi,dan 万wan,mo 沈shen,chen 参can,shen 调tiao,diao
传chuan,zhuan 藏cang,zang 会hui,kuai 便bian,pian 车che,ju 降jiang,xiang 还huan,hai 种zhong,chong 圈quan,juan
校xiao,jiao 六liu,lu 堡bao,pu,bu 泊bo,po 番fan,pan 蚌beng,bang 柏bai,bo 阿a,e 薄bo,bao 卡ka,qia 朴pu,piao 查cha,zha
翟zhai,di 尉wei,yu 宿su,xiu 缪miao,mou 盖gai,ge 贾jia,gu 覃qin,tan 折zhe,she 奇qi,ji 强qiang,jiang 和he,huo 提ti,di
弹dan,tan 角jiao,jue 觉jue,jiao 卜bu,bo 涡guo,wo 浒xu,hu 埔pu,bu 铅qian,yan 荥xing,ying 洞dong,tong 牟mou,mu 咖ka,ga
茄qie,jia 蕃fan,bo 露lu,lou 率lv,shuai 那na,nuo 色se,shai 什shi,shen 粘nian,zhan 扒ba,pa 模mo,mu 虹hong,jiang
蔚wei,yu 洗xi,xian 隗wei,kui 郗xi,chi 褚chu,zhu 祭ji,zhai 繁fan,po 员yuan,yun 令ling,lin 乜nie,mie 黑hei,he
说shuo,yue 数shu,shuo 识shi,zhi 省sheng,xing 似si,shi 熟shu,shou 塔ta,da 巷xiang,hang 镐hao,gao 筠yun,jun
莞guan,wan 掸dan,shan 枞cong,zong 歙she,xi 郴chen,bin 泌mi,bi 浚xun,jun 拓tuo,ta 称cheng,chen 熨yun,yu 膀bang,pang
澄cheng,deng 落luo,la 長chang,zhang 樂le,yue 單dan,shan 廈xia,sha 萬wan,mo 參can,shen 調tiao,diao 傳chuan,zhuan
會hui,kuai 車che,ju 還huan,hai 種zhong,chong 區qu,ou 賈jia,gu 覺jue,jiao 彈dan,tan 強qiang,jiang
"""

READINGS: Mapping[str, tuple[str, ...]] = {entry[0]: tuple(entry[1:].split(",")) for entry in _TABLE.split()}
